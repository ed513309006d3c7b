//! Gives generated pages the defects that extraction and conversion leave, a table of them.

use generate::{self, Layout, Random};

/// A page's blocks, one after another damaged.
type Blocks = Vec<String>;

/// In the order in which they act.
const DEFECTS: [fn(&mut Random, &mut Blocks); 10] = [
    splice, repeat, jump, bold, doubled, radicals, gloss, half_width, invisible,
    masthead, // last, so that it stays at the head
];

const LAYOUTS: [Layout; 5] = [
    Layout::Whole,
    Layout::Plain,
    Layout::Band,
    Layout::Shuffled,
    Layout::Interleaved,
];

/// Damaged pages of every layout, as files: name and text.
pub(crate) fn pages(seed: u64, count: usize) -> Vec<(String, String)> {
    let mut random = Random(seed);
    (0..count)
        .map(|at| {
            let ending = if at % 3 == 0 { "md" } else { "txt" };
            (
                format!("{seed}/{at:03}.{ending}"),
                page(&mut random, LAYOUTS[at % LAYOUTS.len()]),
            )
        })
        .collect()
}

fn page(random: &mut Random, layout: Layout) -> String {
    let count = random.within(2..5);
    let articles = generate::articles(random, count);
    let loses_column = random.chance(20);
    let mut blocks = generate::page(random, &articles, layout, loses_column).blocks;
    for defect in DEFECTS {
        if random.chance(35) {
            defect(random, &mut blocks);
        }
    }
    text(random, &blocks)
}

/// The blocks as a file: sometimes with a byte order mark, Windows line ends, spaces behind lines, gaps of pictures.
fn text(random: &mut Random, blocks: &Blocks) -> String {
    let mut text = String::from(if random.chance(20) { "\u{feff}" } else { "" });
    let tight = random.chance(15);
    for block in blocks {
        text += block;
        text += match random.within(0..12) {
            0 => " \n\n",
            1 => "\n\n\n\n",
            2 => "　\n",
            _ if tight => "\n",
            _ => "\n\n",
        };
    }
    if random.chance(20) {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}

/// The tail of the page, from the middle of a block on, stands again behind half of another block.
fn splice(random: &mut Random, blocks: &mut Blocks) {
    let from = random.within(blocks.len() / 2..blocks.len());
    let into = random.within(0..blocks.len() / 2);
    let mut copy: Blocks = blocks[from..].to_vec();
    copy[0] = half(&copy[0], false);
    blocks[into] = half(&blocks[into], true) + &copy.remove(0);
    blocks.splice(into + 1..into + 1, copy);
}

fn half(text: &str, first: bool) -> String {
    let length = text.chars().count() / 2;
    if first {
        text.chars().take(length).collect()
    } else {
        text.chars().skip(length).collect()
    }
}

fn repeat(random: &mut Random, blocks: &mut Blocks) {
    let at = random.within(0..blocks.len());
    for _ in 0..random.within(1..4) {
        blocks.insert(at, blocks[at].clone());
    }
}

fn jump(random: &mut Random, blocks: &mut Blocks) {
    let at = random.within(0..blocks.len());
    blocks[at] += "（下转第3版）";
    blocks.insert(random.within(0..blocks.len()), "(上接第一版)".into());
}

fn bold(random: &mut Random, blocks: &mut Blocks) {
    let at = random.within(0..blocks.len());
    blocks[at] = format!("**本报讯** {}", blocks[at]);
    blocks.push("**灯火** 与 *江风* ** 之间".into());
}

fn doubled(_: &mut Random, blocks: &mut Blocks) {
    blocks
        .iter_mut()
        .for_each(|block| *block = block.replacen('的', "的的", 1));
}

fn radicals(_: &mut Random, blocks: &mut Blocks) {
    replace(
        blocks,
        &[
            ("水", "⽔"),
            ("山", "⼭"),
            ("长", "⻓"),
            ("料", "\u{f9be}"),
            ("é", "e\u{301}"),
        ],
    );
}

fn gloss(_: &mut Random, blocks: &mut Blocks) {
    const GLOSSES: [(&str, &str); 8] = [
        ("业", "業(yè)"),
        ("书", "書(shū)"),
        ("车", "車(chē)"),
        ("电", "電(diàn)"),
        ("开", "開(kāi)"),
        ("众", "眾(zhòng)"),
        ("图", "圖(tú)"),
        ("馆", "館(guǎn)"),
    ];
    replace(blocks, &GLOSSES);
}

fn half_width(_: &mut Random, blocks: &mut Blocks) {
    replace(
        blocks,
        &[
            ("，", ","),
            ("；", ";"),
            ("：", ":"),
            ("（", "("),
            ("）", ")"),
            ("？", "?"),
            ("！", "!"),
        ],
    );
}

fn invisible(_: &mut Random, blocks: &mut Blocks) {
    replace(
        blocks,
        &[
            ("的", "的\u{200b}"),
            ("和", "\u{feff}和"),
            ("了", "了\u{7}"),
            ("在", "\u{200e}在"),
        ],
    );
}

fn masthead(random: &mut Random, blocks: &mut Blocks) {
    let day = random.within(1..29);
    let lines = [
        "主办：望江日报社".to_string(),
        "国内统一刊号：CN 99-0077".to_string(),
        "https://wjrb.example.cn".to_string(),
        "望江日报  \nWANGJIANG DAILY".to_string(),
        format!("2031年7月{day}日"),
        "星期四".to_string(),
        "今日8版".to_string(),
        format!("第{}期(总第{}期)", day + 100, day + 4000),
    ];
    blocks.splice(0..0, lines);
}

fn replace(blocks: &mut Blocks, pairs: &[(&str, &str)]) {
    for block in blocks {
        *block = pairs
            .iter()
            .fold(std::mem::take(block), |text, (from, to)| {
                text.replace(from, to)
            });
    }
}
