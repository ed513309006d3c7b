//! Makes newspaper pages and breaks them as layout extraction does: columns cut in mid-word, captions between, columns
//! read band by band, shuffled, interleaved, lost. Seeded: the same seed gives the same page.

pub mod english;

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in the range.
    pub fn within(&mut self, range: std::ops::Range<usize>) -> usize {
        range.start + (self.next() % (range.end - range.start).max(1) as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.within(0..100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.within(0..from.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.within(0..at + 1));
        }
    }
}

/// A headline and paragraphs, each of whole sentences.
#[derive(Debug, Clone)]
pub struct Article {
    pub headline: String,
    pub paragraphs: Vec<String>,
}

/// A page as an extraction left it, and which of its blocks are halves of one sentence.
#[derive(Debug, Default)]
pub struct Broken {
    pub blocks: Vec<String>,
    /// (tail, head)
    pub joins: Vec<(usize, usize)>,
    /// Whether a column of it is lost.
    pub lost: bool,
    /// The blocks of each article's text, in the order in which they are to be read.
    pub order: Vec<Vec<usize>>,
    /// Captions and credits, each with the number of its article.
    pub captions: Vec<(usize, usize)>,
}

impl Broken {
    pub fn text(&self) -> String {
        self.blocks.join("\n\n")
    }
}

/// How a page's columns came out of the extraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Layout {
    /// Nothing is broken.
    Whole,
    Plain,
    /// A photo cuts the columns; what is above it is read first.
    Band,
    Shuffled,
    Interleaved,
}

/// A part of a paragraph in one column.
#[derive(Clone)]
struct Piece {
    text: String,
    /// Which piece it goes on from, by number, in the middle of a sentence.
    after: Option<usize>,
    number: usize,
}

type Column = Vec<Piece>;

/// The number of what is said of a photo in a column, and is no piece of the text.
const PHOTO: usize = 0;

const SURNAMES: [&str; 12] = [
    "林", "沈", "顾", "罗", "邵", "柳", "温", "白", "陶", "乔", "贺", "简",
];
const NAMES: [&str; 10] = [
    "渡", "云舟", "一鸣", "晚晴", "怀谷", "知远", "若溪", "长青", "小满", "问樵",
];

/// A page of these articles, laid out and broken.
pub fn page(
    random: &mut Random,
    articles: &[Article],
    layout: Layout,
    loses_column: bool,
) -> Broken {
    let mut pieces = 0;
    let mut page: Vec<Vec<Column>> = Vec::new();
    let mut heads: Vec<Vec<String>> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    for article in articles {
        let columns = if layout == Layout::Whole {
            vec![whole(article, &mut pieces)]
        } else {
            columns(random, article, &mut pieces)
        };
        page.push(columns);
        ends.push(pieces);
        let mark = if random.chance(50) { "## " } else { "" };
        let mut head = vec![format!("{mark}{}", article.headline)];
        if random.chance(60) {
            let names: Vec<String> = (0..random.within(1..4)).map(|_| name(random)).collect();
            head.push(format!("本报记者 {}", names.join(" ")));
        }
        heads.push(head);
    }
    let mut lost = false;
    if loses_column {
        let longest = (0..page.len()).max_by_key(|a| page[*a].len()).unwrap_or(0);
        lost = page[longest].len() > 2;
        if lost {
            let lost = random.within(1..page[longest].len());
            page[longest].remove(lost);
            // text is lost beside pictures more often than elsewhere
            if random.chance(50) {
                let photos: Vec<String> = (0..random.within(1..3))
                    .flat_map(|_| photo(random))
                    .collect();
                page[longest][lost - 1].extend(photos.into_iter().map(|text| Piece {
                    text,
                    after: None,
                    number: PHOTO,
                }));
            }
        }
    }
    let mut order: Vec<Entry> = Vec::new();
    match layout {
        Layout::Interleaved if page.len() > 1 => {
            let (first, second) = (page.remove(0), page.remove(0));
            order.extend(heads.remove(0).into_iter().map(Entry::Text));
            order.extend(heads.remove(0).into_iter().map(Entry::Text));
            let longer = first.len().max(second.len());
            for at in 0..longer {
                order.extend(
                    [&first, &second]
                        .into_iter()
                        .filter_map(|a| a.get(at))
                        .cloned()
                        .map(Entry::Column),
                );
            }
        }
        _ => {}
    }
    for (columns, head) in page.into_iter().zip(heads) {
        order.extend(head.into_iter().map(Entry::Text));
        order.extend(laid_out(random, columns, layout));
    }
    Broken {
        lost,
        ..put_together(random, order, layout, &ends)
    }
}

enum Entry {
    Text(String),
    Column(Column),
}

fn laid_out(random: &mut Random, mut columns: Vec<Column>, layout: Layout) -> Vec<Entry> {
    match layout {
        Layout::Shuffled if columns.len() > 2 => {
            random.shuffle(&mut columns[1..]);
            columns.into_iter().map(Entry::Column).collect()
        }
        Layout::Band if columns.len() > 2 => {
            let (mut above, mut below) = (Vec::new(), Vec::new());
            for (at, column) in columns.into_iter().enumerate() {
                if at % 2 == 0 {
                    above.push(column)
                } else {
                    below.push(column)
                }
            }
            let caption = Entry::Text(format!("图为{}在现场。", name(random)));
            above
                .into_iter()
                .map(Entry::Column)
                .chain([caption])
                .chain(below.into_iter().map(Entry::Column))
                .collect()
        }
        _ => columns.into_iter().map(Entry::Column).collect(),
    }
}

/// Blocks from entries, with captions now and then between columns, and the places of the halves. `ends` holds the number
/// of the last piece of each article.
fn put_together(random: &mut Random, order: Vec<Entry>, layout: Layout, ends: &[usize]) -> Broken {
    let mut broken = Broken::default();
    let article = |number: usize| ends.partition_point(|end| *end < number);
    let mut last = 0;
    let mut places = std::collections::HashMap::new();
    let mut afters = Vec::new();
    for entry in order {
        match entry {
            Entry::Text(text) => {
                if text.starts_with("图为") {
                    broken.captions.push((broken.blocks.len(), article(last)));
                }
                broken.blocks.push(text);
            }
            Entry::Column(column) => {
                for piece in column {
                    if piece.number == PHOTO {
                        broken.captions.push((broken.blocks.len(), article(last)));
                        broken.blocks.push(piece.text);
                        continue;
                    }
                    last = piece.number;
                    places.insert(piece.number, broken.blocks.len());
                    afters.extend(piece.after.map(|after| (after, piece.number)));
                    broken.blocks.push(piece.text);
                }
                if layout != Layout::Whole && random.chance(3) {
                    broken
                        .blocks
                        .push(format!("## {}看点", random.pick(&PLACES)));
                    broken.blocks.extend(
                        (0..random.within(2..5)).map(|_| format!("- {}", random.pick(&EVENTS))),
                    );
                }
                if layout != Layout::Whole && random.chance(12) {
                    broken.captions.push((broken.blocks.len(), article(last)));
                    broken.blocks.extend(photo(random));
                }
            }
        }
    }
    let mut numbers: Vec<(&usize, &usize)> = places.iter().collect();
    numbers.sort_unstable();
    broken.order = vec![Vec::new(); ends.len()];
    numbers
        .iter()
        .for_each(|(number, block)| broken.order[article(**number)].push(**block));
    broken.joins = afters
        .iter()
        .filter_map(|(tail, head)| Some((*places.get(tail)?, *places.get(head)?)))
        .collect();
    broken
}

/// What is said of a photo, and by whom it is.
fn photo(random: &mut Random) -> Vec<String> {
    let caption = format!(
        "{}月{}日，{}在活动现场。",
        random.within(1..13),
        random.within(1..29),
        name(random)
    );
    let credit = random
        .chance(70)
        .then(|| format!("本报记者 {}摄", name(random)));
    std::iter::once(caption).chain(credit).collect()
}

fn name(random: &mut Random) -> String {
    format!("{}{}", random.pick(&SURNAMES), random.pick(&NAMES))
}

fn whole(article: &Article, pieces: &mut usize) -> Column {
    let piece = |text: &String| {
        *pieces += 1;
        Piece {
            text: text.clone(),
            after: None,
            number: *pieces,
        }
    };
    article.paragraphs.iter().map(piece).collect()
}

/// Fills lines of one width, and columns of some lines, with the paragraphs of an article.
fn columns(random: &mut Random, article: &Article, pieces: &mut usize) -> Vec<Column> {
    let width = random.within(13..23);
    let mut columns = vec![Vec::new()];
    let mut left = random.within(6..21);
    for paragraph in &article.paragraphs {
        let characters: Vec<char> = paragraph.chars().collect();
        let mut start = 0;
        let mut after = None;
        let mut line = width - 2; // the first is set in
        let mut end = 0;
        while start < characters.len() {
            end = (end + line).min(characters.len());
            line = width;
            // no line begins with a mark that never does
            while end < characters.len() && "，。、；：？！”’）》%".contains(characters[end])
            {
                end += 1;
            }
            left -= 1;
            if end < characters.len() && left > 0 {
                continue;
            }
            *pieces += 1;
            let text: String = characters[start..end].iter().collect();
            let ends = text
                .trim_end_matches(['”', '’', '）'])
                .ends_with(['。', '！', '？', '…']);
            columns
                .last_mut()
                .expect("there is a first column")
                .push(Piece {
                    text,
                    after,
                    number: *pieces,
                });
            after = (!ends).then_some(*pieces);
            start = end;
            if left == 0 {
                columns.push(Vec::new());
                left = random.within(6..21);
            }
        }
    }
    columns.retain(|c| !c.is_empty());
    columns
}

/// Articles written of stock sentences, for tests that must not depend on any corpus.
#[allow(dead_code)]
pub fn articles(random: &mut Random, count: usize) -> Vec<Article> {
    (0..count)
        .map(|_| Article {
            headline: format!("{}{}", random.pick(&PLACES), random.pick(&EVENTS)),
            paragraphs: (0..random.within(3..8))
                .map(|_| {
                    (0..random.within(2..5))
                        .map(|_| sentence(random))
                        .collect::<String>()
                })
                .collect(),
        })
        .collect()
}

fn sentence(random: &mut Random) -> String {
    let place = *random.pick(&PLACES);
    let thing = *random.pick(&THINGS);
    match random.within(0..6) {
        0 => format!(
            "{place}的{thing}今年增加了{}处，比去年多{}成。",
            random.within(2..90),
            random.within(1..9)
        ),
        1 => format!(
            "{}告诉记者，{thing}{}，大家都说好。",
            name(random),
            random.pick(&DOINGS)
        ),
        2 => format!(
            "从{}月起，{place}一带的{thing}{}。",
            random.within(1..13),
            random.pick(&DOINGS)
        ),
        3 => format!(
            "“{thing}{}，我们才放心。”{}说。",
            random.pick(&DOINGS),
            name(random)
        ),
        4 => {
            format!(
                "据{place}有关部门统计，{thing}共有{}万人次使用，{}。",
                random.within(1..40),
                random.pick(&DOINGS)
            )
        }
        _ => format!(
            "一边是{thing}，一边是{}，{place}的早晨就这样开始了。",
            random.pick(&THINGS)
        ),
    }
}

const PLACES: [&str; 10] = [
    "临浦",
    "江州",
    "青石巷",
    "北码头",
    "老城厢",
    "望江台",
    "梧桐路",
    "盐仓桥",
    "白鹭洲",
    "南门外",
];
const THINGS: [&str; 14] = [
    "夜航渡轮",
    "社区图书馆",
    "早市菜摊",
    "防汛物资仓库",
    "老旧电梯",
    "公共自行车",
    "茶叶合作社",
    "儿童剧场",
    "无障碍坡道",
    "气象观测站",
    "渔船避风港",
    "手艺人工坊",
    "健身步道",
    "流动诊疗车",
];
const EVENTS: [&str; 8] = [
    "夜航线路今起开通",
    "旧桥加固完工",
    "菜市场搬进新楼",
    "图书馆延长开放",
    "茶会邀客品新",
    "渔港迎来休渔期",
    "老街修缮过半",
    "冬泳爱好者下水",
];
const DOINGS: [&str; 10] = [
    "已经全部检修完毕",
    "重新对外开放",
    "安排专人值守到深夜",
    "实行分时预约",
    "增设了遮雨的顶棚",
    "由志愿者轮流照看",
    "按季节调整了时间",
    "换上了节能的灯具",
    "同邻近几个镇连成一片",
    "腾出地方让给孩子们",
];
