//! Pages in columns, set by a small typesetter and read as recognisers read them: what was set must come back.

use super::{Line, Rect, Region, Trust, Word, arrange, paragraphs};

/// A page as it is set: the sizes are those of a scan.
#[derive(Clone, Copy)]
struct Setting {
    columns: usize,
    /// Letters in a line of a column; all are as wide as they are high.
    measure: usize,
    letter: f64,
    gutter: f64,
    indent: usize,
}

const SETTING: Setting = Setting {
    columns: 3,
    measure: 14,
    letter: 24.0,
    gutter: 36.0,
    indent: 2,
};

/// How a recogniser reads it.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    /// Lines straight across the columns, with a box for each word.
    Across,
    /// Lines of each column, with a box for each line, as they are found from the top of the page down.
    Found,
}

/// A line of one column as it is set: its left and its top, its letters, and how large they are.
struct SetLine {
    left: f64,
    top: f64,
    text: String,
    letter: f64,
}

/// Text without meaning whose characters tell its paragraphs apart.
fn paragraph(number: usize, letters: usize) -> String {
    let letter = |at: usize| {
        char::from_u32(0x4E00 + ((number * 1000 + at * 7) % 20000) as u32).expect("Han")
    };
    (0..letters).map(letter).chain(['。']).collect()
}

impl Setting {
    /// Sets an article under a headline, its columns as even as they can be. Returns where it ends.
    fn set(&self, headline: &str, article: &[String], top: f64, lines: &mut Vec<SetLine>) -> f64 {
        let large = self.letter * 1.8;
        lines.push(SetLine {
            left: 40.0,
            top,
            text: headline.into(),
            letter: large,
        });
        let top = top + large * 1.6;
        let mut set: Vec<(usize, String)> = Vec::new();
        for paragraph in article {
            let mut letters: Vec<char> = paragraph.chars().collect();
            let mut indent = self.indent;
            while !letters.is_empty() {
                // no line begins with a full stop
                let room = self.measure - indent;
                let rest = letters
                    .split_off(room.min(letters.len()) - usize::from(letters.len() == room + 1));
                set.push((indent, letters.into_iter().collect()));
                (letters, indent) = (rest, 0);
            }
        }
        let high = set.len().div_ceil(self.columns);
        let pitch = self.letter * 1.5;
        for (at, (indent, text)) in set.into_iter().enumerate() {
            let column = (at / high) as f64;
            let width = self.measure as f64 * self.letter + self.gutter;
            lines.push(SetLine {
                left: 40.0 + column * width + indent as f64 * self.letter,
                top: top + (at % high) as f64 * pitch,
                text,
                letter: self.letter,
            });
        }
        top + high as f64 * pitch
    }
}

fn place(line: &SetLine, from: usize, to: usize) -> Rect {
    let width = (to - from) as f64 * line.letter;
    [
        line.left + from as f64 * line.letter,
        line.top,
        width,
        line.letter,
    ]
}

fn read(set: &[SetLine], reading: Reading) -> Vec<Line> {
    let mut order: Vec<&SetLine> = set.iter().collect();
    order.sort_by(|a, b| {
        (a.top, a.left)
            .partial_cmp(&(b.top, b.left))
            .expect("numbers")
    });
    let mut lines: Vec<Line> = Vec::new();
    let mut last = f64::MIN;
    for set in order {
        let letters: Vec<char> = set.text.chars().collect();
        if reading == Reading::Found || set.top > last {
            lines.push(Line::default());
        }
        last = set.top;
        let line = lines.last_mut().expect("there is one");
        if reading == Reading::Across {
            for (number, two) in letters.chunks(2).enumerate() {
                let from = number * 2;
                line.words.push(Word {
                    at: line.text.len(),
                    place: place(set, from, from + two.len()),
                });
                line.text.extend(two);
            }
        } else {
            line.text.push_str(&set.text);
        }
        let whole = place(set, 0, letters.len());
        line.place = Some(
            line.place
                .map_or(whole, |before| super::place::around(before, whole)),
        );
    }
    lines
}

/// The paragraphs that come of a page.
fn arranged(lines: Vec<Line>, trust: Trust) -> Vec<String> {
    let region = Region {
        lines,
        ..Region::default()
    };
    let regions = arrange(vec![region], trust).regions;
    regions
        .iter()
        .flat_map(|region| paragraphs(region, None))
        .collect()
}

fn two_articles(setting: Setting) -> (Vec<SetLine>, Vec<String>) {
    let mut lines = Vec::new();
    let articles = [
        (
            "东港的灯",
            vec![paragraph(1, 190), paragraph(2, 140), paragraph(3, 230)],
        ),
        (
            "西山的茶",
            vec![paragraph(4, 255), paragraph(5, 260), paragraph(6, 161)],
        ),
    ];
    let mut top = 40.0;
    let mut wanted = Vec::new();
    for (headline, article) in articles {
        top = setting.set(headline, &article, top, &mut lines) + 50.0;
        wanted.push(headline.to_string());
        wanted.extend(article);
    }
    (lines, wanted)
}

fn settings() -> impl Iterator<Item = Setting> {
    let columns = [(2, 20), (3, 14), (4, 12), (5, 11), (6, 10)];
    columns.into_iter().flat_map(|(columns, measure)| {
        [20.0, 30.0, 44.0].into_iter().flat_map(move |gutter| {
            [18.0, 24.0].map(|letter| Setting {
                columns,
                measure,
                letter,
                gutter,
                ..SETTING
            })
        })
    })
}

#[test]
fn columns_that_were_read_across_are_columns_again() {
    for setting in settings() {
        let (lines, wanted) = two_articles(setting);
        let (columns, gutter, letter) = (setting.columns, setting.gutter, setting.letter);
        let at = format!("{columns} columns of {letter}, {gutter} apart");
        assert_eq!(
            arranged(read(&lines, Reading::Across), Trust::Found),
            wanted,
            "{at}"
        );
    }
}

#[test]
fn lines_as_they_were_found_are_put_into_columns() {
    for setting in settings() {
        let (lines, wanted) = two_articles(setting);
        let (columns, gutter, letter) = (setting.columns, setting.gutter, setting.letter);
        let at = format!("{columns} columns of {letter}, {gutter} apart");
        assert_eq!(
            arranged(read(&lines, Reading::Found), Trust::None),
            wanted,
            "{at}"
        );
    }
}

#[test]
fn a_line_over_two_columns_is_cut_where_its_letters_stand() {
    let (lines, wanted) = two_articles(SETTING);
    let mut read = read(&lines, Reading::Found);
    // two lines of the third row of an article, with a rule between them
    let beside = |two: &[Line]| two[0].place.unwrap()[1] == two[1].place.unwrap()[1];
    let at = read
        .windows(2)
        .enumerate()
        .filter(|(_, two)| beside(two))
        .map(|(at, _)| at)
        .nth(4);
    let after = read.remove(at.unwrap() + 1);
    let before = &mut read[at.unwrap()];
    before.text = format!("{}|{}", before.text, after.text);
    before.place = Some(super::place::around(
        before.place.unwrap(),
        after.place.unwrap(),
    ));
    assert_eq!(arranged(read, Trust::None), wanted);
}

#[test]
fn an_order_that_somebody_gave_stays() {
    let (lines, _) = two_articles(SETTING);
    let lines = read(&lines, Reading::Found);
    let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let region = Region {
        lines,
        ..Region::default()
    };
    let kept = arrange(vec![region], Trust::Given).regions;
    let kept: Vec<&str> = kept[0]
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(kept, texts);
}

#[test]
fn an_order_of_a_recogniser_that_follows_the_columns_stays() {
    let (mut lines, _) = two_articles(SETTING);
    let regions = |lines: &[SetLine]| -> Vec<Region> {
        let line = |line: &SetLine| read(std::slice::from_ref(line), Reading::Across).remove(0);
        lines
            .chunks(4)
            .map(|lines| Region {
                lines: lines.iter().map(line).collect(),
                ..Region::default()
            })
            .collect()
    };
    assert_eq!(
        arrange(regions(&lines), Trust::Found).regions.len(),
        lines.len().div_ceil(4)
    );
    // the headline of the second article first of all
    let second = lines
        .iter()
        .position(|line| line.text == "西山的茶")
        .unwrap();
    let headline = lines.remove(second);
    lines.insert(0, headline);
    let arranged = arrange(regions(&lines), Trust::Found).regions;
    assert!(arranged.iter().all(|region| region.is_paragraph));
}

#[test]
fn cells_of_a_table_stay_in_their_rows() {
    let row = |number: usize| {
        ["首班", "六点", "东港"]
            .into_iter()
            .enumerate()
            .map(move |(column, text)| SetLine {
                left: 40.0 + column as f64 * 300.0,
                top: 40.0 + number as f64 * 36.0,
                text: text.to_string(),
                letter: 24.0,
            })
    };
    let table: Vec<SetLine> = (0..12).flat_map(row).collect();
    let lines = read(&table, Reading::Found);
    let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    assert_eq!(arranged(lines, Trust::None), texts);
}

#[test]
fn one_column_with_white_between_its_words_is_one_column() {
    let mut lines = Vec::new();
    let mut random: u64 = 1;
    for at in 0..30 {
        let mut line = Line {
            place: Some([40.0, 40.0 + at as f64 * 36.0, 1200.0, 24.0]),
            ..Line::default()
        };
        let mut left = 40.0;
        // words of one to eight letters, a letter or two apart
        for _ in 0..14 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let width = (1 + (random >> 33) % 8) as f64 * 12.0;
            line.words.push(Word {
                at: line.text.len(),
                place: [left, 40.0 + at as f64 * 36.0, width, 24.0],
            });
            line.text.push_str("word ");
            left += width + 12.0 + ((random >> 40) % 2) as f64 * 12.0;
        }
        lines.push(line);
    }
    let region = Region {
        lines,
        ..Region::default()
    };
    let kept = arrange(vec![region], Trust::Found).regions;
    assert!(!kept[0].is_paragraph);
}

#[test]
fn vertical_columns_run_from_the_right_in_rows_from_the_top() {
    // the page above turned: what was down the page runs from its right side to its left
    let (set, wanted) = two_articles(SETTING);
    let mut lines = read(&set, Reading::Found);
    for line in &mut lines {
        let [left, top, width, height] = line.place.unwrap();
        line.place = Some([3000.0 - top - height, left, height, width]);
    }
    assert_eq!(arranged(lines, Trust::None), wanted);
}
