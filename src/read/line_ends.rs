//! Line ends that the stages do not know, brought to those they do: a carriage return alone, and U+0085.

use super::{Document, Origin, StringStyle, encode, encoding_of_origin, hexadecimal};

/// The line end of mainframes.
const NEXT_LINE: char = '\u{85}';

/// Makes all line ends of a document's text those that the stages know. What cannot be made again from the text is kept in
/// its origin.
pub(super) fn bring_in_line(document: &mut Document) {
    let text = &document.text;
    if text.contains('\r') && !text.contains('\n') && !has_next_lines(text) {
        document.text = text.replace('\r', "\n");
        document.origin.returns = true;
        return;
    }
    let next_lines = has_next_lines(text);
    if !has_lone_return(text) && !next_lines {
        return;
    }
    let Some(origin) = with_text(&document.origin, text) else {
        return;
    };
    let mut lines = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_end = c == '\r' && rest.peek() != Some(&'\n') || next_lines && c == NEXT_LINE;
        lines.push(if is_end { '\n' } else { c });
    }
    document.text = lines;
    document.origin = origin;
}

/// The origin of a text, with the text as it came in it.
fn with_text(origin: &Origin, text: &str) -> Option<Origin> {
    let mut origin = origin.clone();
    if let Some(style) = &origin.style {
        origin.style = Some(StringStyle::Literal(style.write(text)));
    } else if origin.bytes.is_none() {
        let bytes = match &origin.encoding {
            Some(name) => encode(text, encoding_of_origin(name)?)?,
            None => text.as_bytes().to_vec(),
        };
        origin.bytes = Some(hexadecimal(&bytes));
    }
    Some(origin)
}

/// Whether a carriage return stands in a text without a line feed after it.
fn has_lone_return(text: &str) -> bool {
    let mut returns = text.match_indices('\r');
    returns.any(|(at, _)| !text[at + 1..].starts_with('\n'))
}

/// Whether U+0085 ends the lines of a text: nothing else does, and each begins anew after it. In text that was read in the
/// wrong encoding it is an ellipsis, and other such signs stand beside it.
fn has_next_lines(text: &str) -> bool {
    const FEWEST: usize = 2;
    let is_other = |c: char| matches!(c, '\u{80}'..='\u{9f}') && c != NEXT_LINE;
    let text = text.trim_end();
    let mut lines = text.split(NEXT_LINE);
    let first = lines.next().unwrap_or_default();
    let mut count = 0;
    let begin_anew = lines.all(|line| {
        count += 1;
        !line.starts_with(|c: char| c.is_lowercase() || c == ' ')
    });
    begin_anew
        && count >= FEWEST
        && !first.ends_with(' ')
        && !text.contains('\n')
        && !text.contains(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_alone_and_u_0085_end_lines() {
        let read = |text: &str| {
            let mut document = Document::new("d", text);
            bring_in_line(&mut document);
            document.text
        };
        assert_eq!(read("Oil\rRope\rSalt"), "Oil\nRope\nSalt");
        assert_eq!(read("Oil\r\nRope\rSalt\r\n"), "Oil\r\nRope\nSalt\r\n");
        assert_eq!(
            read("Oil.\u{85}Rope.\u{85}Salt.\u{85}"),
            "Oil.\nRope.\nSalt.\n"
        );
        for kept in [
            "Well\u{85} no, he said\u{85} no",
            "Well\u{85}",
            "a\u{85}B\u{85}C\u{92}s",
            "a\r\nb\r\n",
        ] {
            assert_eq!(read(kept), kept);
        }
    }
}
