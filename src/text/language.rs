//! The language of a text, as far as a rule asks for it: by its script, and in Latin and Cyrillic script by its words.

use super::script::{Letters, Script};
use std::sync::LazyLock;
use whatlang::{Detector, Lang};

/// The language of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Language {
    pub script: Script,
    /// ISO 639-1, such as `zh`, `ja`, `ko`, `en`; empty if neither script nor words tell.
    pub code: &'static str,
}

/// Those that are told from one another; others are taken for the nearest or for none.
const TOLD: [(Lang, &str); 19] = [
    (Lang::Eng, "en"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Spa, "es"),
    (Lang::Por, "pt"),
    (Lang::Ita, "it"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Ces, "cs"),
    (Lang::Lat, "la"),
    (Lang::Vie, "vi"),
    (Lang::Swe, "sv"),
    (Lang::Dan, "da"),
    (Lang::Hun, "hu"),
    (Lang::Tur, "tr"),
    (Lang::Ind, "id"),
    (Lang::Rus, "ru"),
    (Lang::Ukr, "uk"),
    (Lang::Bul, "bg"),
];

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::with_allowlist(TOLD.map(|(lang, _)| lang).to_vec()));

/// What is read of a text to tell its language, in bytes; chosen by eye.
const SAMPLE: usize = 2000;

impl Language {
    /// The language of a text of one script. `pieces` are of the same language, and read until they are enough.
    pub fn of<'a>(letters: &Letters, pieces: impl Iterator<Item = &'a str>) -> Self {
        let script = letters.script();
        let code = match script {
            Script::Latin | Script::Cyrillic => by_words(script, pieces),
            Script::Han => "zh",
            Script::Kana => "ja",
            Script::Hangul => "ko",
            Script::Greek => "el",
            Script::Armenian => "hy",
            Script::Hebrew => "he",
            Script::Thai => "th",
            Script::Lao => "lo",
            Script::Tibetan => "bo",
            Script::Myanmar => "my",
            Script::Georgian => "ka",
            Script::Ethiopic => "am",
            Script::Khmer => "km",
            Script::Mongolian => "mn",
            Script::Bengali => "bn",
            // several languages each, and no rule asks which
            Script::Arabic
            | Script::Devanagari
            | Script::Indic
            | Script::Common
            | Script::Other => "",
        };
        Language { script, code }
    }

    /// Set full width and without spaces: what is punctuated as Chinese is.
    pub fn is_chinese_or_japanese(self) -> bool {
        matches!(self.code, "zh" | "ja")
    }
}

fn by_words<'a>(script: Script, pieces: impl Iterator<Item = &'a str>) -> &'static str {
    /// Letters: of fewer, three-letter groups tell nothing.
    const FEWEST: usize = 40;
    let sample = sample(script, pieces);
    if sample.len() < FEWEST {
        return "";
    }
    let found = DETECTOR.detect(&sample);
    found
        .filter(|found| found.is_reliable() || sample.len() > 4 * FEWEST)
        .and_then(|found| TOLD.iter().find(|(lang, _)| *lang == found.lang()))
        .map_or("", |(_, code)| code)
}

/// The first words of a script, with spaces between.
fn sample<'a>(script: Script, pieces: impl Iterator<Item = &'a str>) -> String {
    let is_of_script = |c| Script::of(c) == script || matches!(c, '\'' | '’' | '-');
    let is_word = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic());
        !bare.is_empty() && bare.chars().all(is_of_script)
    };
    let mut sample = String::new();
    for piece in pieces {
        for word in piece.split_whitespace().filter(is_word) {
            sample.push_str(word);
            sample.push(' ');
        }
        if sample.len() > SAMPLE {
            break;
        }
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> &'static str {
        Language::of(&Letters::of(text), std::iter::once(text)).code
    }

    #[test]
    fn words_tell_languages_of_one_script() {
        for (text, code) in [
            (
                "The keeper of the north light wrote down the weather every hour, and on slow afternoons he read aloud.",
                "en",
            ),
            (
                "Der Knecht, der am Ofen saß, lachte und schüttelte den Kopf, denn er hatte den Hut an den Nagel gehängt.",
                "de",
            ),
            (
                "Le gardien du phare notait le temps toutes les heures, et l'après-midi il lisait à haute voix.",
                "fr",
            ),
            (
                "El farolero del puerto escribía el tiempo cada hora, y por las tardes leía en voz alta a los niños.",
                "es",
            ),
            (
                "Смотритель маяка каждый час записывал погоду, а после обеда читал детям вслух.",
                "ru",
            ),
            ("守灯人每小时记下天气。", "zh"),
            ("灯台守は毎時の天気を書きとめた。", "ja"),
            ("등대지기는 매시간 날씨를 적었다.", "ko"),
            ("第3話 (12)", "zh"),
            ("OK", ""),
        ] {
            assert_eq!(language(text), code, "{text}");
        }
    }
}
