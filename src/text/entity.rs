//! Characters that HTML writes by their names.

/// The entities that converters leave, from the list in the HTML Standard, section 13.5.
const ENTITIES: [(&str, &str); 36] = [
    ("nbsp", " "),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("mdash", "—"),
    ("ndash", "–"),
    ("hellip", "…"),
    ("middot", "·"),
    ("bull", "•"),
    ("times", "×"),
    ("divide", "÷"),
    ("deg", "°"),
    ("plusmn", "±"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("ensp", " "),
    ("emsp", "\u{3000}"),
    ("thinsp", " "),
    ("zwnj", ""),
    ("zwj", ""),
    ("shy", ""),
    ("laquo", "«"),
    ("raquo", "»"),
    ("sect", "§"),
    ("para", "¶"),
    ("yen", "¥"),
    ("euro", "€"),
    ("le", "≤"),
    ("ge", "≥"),
];

/// The character of that name in HTML, or of its number after `#`.
pub(crate) fn character(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return ENTITIES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, c)| c.to_string());
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let c = char::from_u32(code).filter(|c| !c.is_control())?;
    Some(if c == '\u{a0}' { ' ' } else { c }.to_string())
}
