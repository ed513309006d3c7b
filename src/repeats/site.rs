//! Finds the address of a site in a text: the host alone, as adverts name it. An address with a path leads to something
//! in particular: a source, a licence, a form.

use crate::page::edit::Span;
use crate::text::sentence::is_full_stop;

/// The sentence that holds the first address of a site.
pub(super) fn sentence(text: &str) -> Option<Span> {
    let address = address(text)?;
    let is_end = |(at, c): &(usize, char)| {
        // the points of www.example.com, of 3.5
        is_full_stop(*c)
            && !(*c == '.' && text[at + 1..].starts_with(|c: char| c.is_alphanumeric()))
    };
    let start = text[..address.start]
        .char_indices()
        .rfind(is_end)
        .map_or(0, |(at, c)| at + c.len_utf8());
    let end = text
        .char_indices()
        .filter(|(at, _)| *at >= address.end)
        .find(is_end)
        .map_or(text.len(), |(at, c)| at + c.len_utf8());
    let rest = &text[end..];
    let is_last = !rest.contains(char::is_alphanumeric);
    Some(start..if is_last { text.len() } else { end })
}

/// The first address of a site: www.example.com, https://example.org/, m.example.com.
fn address(text: &str) -> Option<Span> {
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let mut at = 0;
    while let Some(point) = text[at..].find('.').map(|point| at + point) {
        let start = text[..point].trim_end_matches(is_host).len();
        let length = text[point..].find(|c| !is_host(c));
        let end = length.map_or(text.len(), |length| point + length);
        let host = text[start..end].trim_matches(['.', '-']);
        let (before, rest) = (&text[..start], &text[end..]);
        let has_scheme = before.ends_with("://");
        let is_other = !has_scheme && before.ends_with(['@', '/', '\\', '_', '=', '#'])
            || rest.starts_with(['@', '_', '\\', '(', '=']);
        let path = rest.strip_prefix('/').unwrap_or_default();
        let has_path = path.starts_with(|c: char| c.is_ascii_alphanumeric() || "_?#%~".contains(c))
            || rest.starts_with(['?', '#', ':']) && has_digit_or_query(rest);
        if !is_other && !has_path && (has_scheme || is_site(host)) && is_name(host) {
            return Some(start..end);
        }
        at = end.max(point + 1);
    }
    None
}

/// :8080, ?id=3
fn has_digit_or_query(rest: &str) -> bool {
    rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Whether a name without a scheme is that of a site: it begins with www. or m., or ends as sites do.
fn is_site(host: &str) -> bool {
    const ENDS: [&str; 12] = [
        "com", "net", "org", "cn", "cc", "info", "tv", "tw", "hk", "jp", "kr", "ru",
    ];
    let host = host.to_ascii_lowercase();
    let end = host.rsplit('.').next().unwrap_or_default();
    host.starts_with("www.") || ENDS.contains(&end)
}

/// Whether each part of a host has letters or digits, and the last only letters.
fn is_name(host: &str) -> bool {
    let mut parts = host.split('.').rev();
    let last = parts.next().unwrap_or_default();
    last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.clone().next().is_some()
        && parts.all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_by_its_host_alone() {
        for text in [
            "天才一秒记住本站地址：www.example-novel.com。手机版阅读网址：m.example-novel.com",
            "喜欢雨夜请大家收藏：(www.example-novel.com)雨夜更新速度最快。",
            "Read more at https://news.example.org/.",
            "更多内容请访问example.cc",
        ] {
            assert!(address(text).is_some(), "{text}");
        }
        for text in [
            "报名请戳：http://party.example.com/detail-165.html",
            "You may obtain a copy at http://www.apache.org/licenses/LICENSE-2.0",
            "来信请寄 desk@example.com",
            "增长3.5%，见图1.2",
            "see lib.rs and main.py",
            "he said so.And she left",
            "console.log(x)",
        ] {
            assert!(address(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_sentence_of_an_address_ends_where_the_text_does() {
        let text = "门上贴着去年的春联。请记住本站 www.example.com！）";
        let at = text.find("请").expect("it stands there");
        assert_eq!(sentence(text), Some(at..text.len()));
        assert_eq!(sentence("见 www.example.com。然后他走了。"), Some(0..22));
    }
}
