//! Han characters: which script each belongs to, and how common it is.

use super::chars::is_han;
use super::letters::fold;
use encoding_rs::GBK;
use hanconv::RawDictionary;
use std::sync::LazyLock;

/// The script of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HanScript {
    Traditional,
    Simplified,
    /// No character decides.
    Either,
}

impl HanScript {
    /// The script of most of the characters that only one script has.
    pub(crate) fn of(text: &str) -> Self {
        let telling = &**TELLING;
        let balance: isize = text
            .chars()
            .map(|c| isize::from(telling.get(c as usize).copied().unwrap_or(0)))
            .sum();
        match balance {
            1.. => HanScript::Traditional,
            0 => HanScript::Either,
            _ => HanScript::Simplified,
        }
    }
}

/// Whether only traditional text has the character.
pub(crate) fn is_traditional(c: char) -> bool {
    TELLING.get(c as usize) == Some(&1)
}

/// Whether only simplified text has the character.
pub(crate) fn is_simplified(c: char) -> bool {
    TELLING.get(c as usize) == Some(&-1)
}

/// The script that each character gives away: traditional (1) if simplification changes it, simplified (-1) if no
/// traditional text has it, otherwise neither (0), as 里 and 准, which are in both.
static TELLING: LazyLock<Box<[i8]>> = LazyLock::new(|| {
    let mut telling = vec![0; '\u{2fa20}' as usize];
    let mut tell = |character: &str, kinds: &[&str], what: i8| {
        let place = character
            .chars()
            .next()
            .filter(|_| !kinds.contains(&character));
        place
            .and_then(|c| telling.get_mut(c as usize))
            .into_iter()
            .for_each(|sum| *sum += what);
    };
    RawDictionary::TSCharacters
        .var_iter()
        .for_each(|(character, kinds)| tell(character, &kinds, 1));
    RawDictionary::STCharacters
        .var_iter()
        .for_each(|(character, kinds)| tell(character, &kinds, -1));
    telling.into_boxed_slice()
});

/// About half of all characters in running Chinese text are of these.
const FREQUENT: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里\
    用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与\
    长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果\
    加西月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打\
    四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指";

/// Whether a character, simplified, is one of the 3755 of the first level of GB 2312.
pub(crate) fn is_common(c: char) -> bool {
    COMMONNESS
        .get(c as usize)
        .is_some_and(|commonness| *commonness != Commonness::Rare)
}

/// Whether a character, simplified, is one of `FREQUENT`.
pub(crate) fn is_frequent(c: char) -> bool {
    COMMONNESS.get(c as usize) == Some(&Commonness::Frequent)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Commonness {
    Rare,
    Common,
    Frequent,
}

/// How common each character of the basic plane is in Chinese.
static COMMONNESS: LazyLock<Box<[Commonness]>> = LazyLock::new(|| {
    let level: Vec<u8> = (0xB0..=0xD7)
        .flat_map(|row| (0xA1..=0xFE).flat_map(move |cell| [row, cell]))
        .collect();
    let mut simple = vec![Commonness::Rare; 0x10000];
    let mut set =
        |text: &str, commonness| text.chars().for_each(|c| simple[c as usize] = commonness);
    set(&GBK.decode(&level).0, Commonness::Common);
    set(FREQUENT, Commonness::Frequent);
    let letter = |c: char| fold(c).map_or(c as usize, usize::from);
    let of = |n| {
        char::from_u32(n)
            .filter(|c| is_han(*c))
            .map_or(Commonness::Rare, |c| simple[letter(c)])
    };
    (0..0x10000).map(of).collect()
});
