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
        .flat_map(|region| paragraphs(region, None, 0.0))
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

/// A line of words from a left edge on, each letter half as wide as the line is high, with so much white between them.
fn line_of_words(words: &[&str], left: f64, top: f64, space: f64) -> Line {
    let mut line = Line::default();
    let mut at = left;
    for word in words {
        let place = [at, top, word.chars().count() as f64 * 12.0, 24.0];
        at += place[2] + space;
        if !line.text.is_empty() {
            line.text.push(' ');
        }
        line.words.push(Word {
            at: line.text.len(),
            place,
        });
        line.text.push_str(word);
    }
    line.place = Some([left, top, at - space - left, 24.0]);
    line
}

/// Words set as lines of a column that is so many letters wide; all but the last are stretched to fill it.
fn justified(words: &[&str], letters: usize, left: f64, top: f64) -> Vec<Line> {
    let mut rows: Vec<Vec<&str>> = vec![Vec::new()];
    let length = |row: &[&str]| row.iter().map(|word| word.chars().count()).sum::<usize>();
    for word in words {
        let last = rows.last_mut().expect("there is one");
        if !last.is_empty() && length(last) + last.len() + word.chars().count() > letters {
            rows.push(Vec::new());
        }
        rows.last_mut().expect("there is one").push(word);
    }
    let count = rows.len();
    let line = |(at, row): (usize, Vec<&str>)| {
        let spaces = (row.len() - 1).max(1) as f64;
        let space = match at + 1 == count {
            true => 10.0,
            false => (letters - length(&row)) as f64 * 12.0 / spaces,
        };
        line_of_words(&row, left, top + at as f64 * 36.0, space)
    };
    rows.into_iter().enumerate().map(line).collect()
}

#[test]
fn justified_lines_of_one_column_are_not_cut() {
    const WORDS: [&str; 16] = [
        "i",
        "la",
        "del",
        "mare",
        "vento",
        "pesca",
        "quando",
        "lettera",
        "capitano",
        "portavano",
        "conoscenza",
        "soprattutto",
        "a",
        "non",
        "barche",
        "amministrazione",
    ];
    let mut random: u64 = 7;
    for page in 0..400 {
        let mut next = || {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            WORDS[(random >> 33) as usize % WORDS.len()]
        };
        let words: Vec<&str> = (0..60 + page % 7 * 20).map(|_| next()).collect();
        let lines = justified(&words, 22 + page % 12, 100.0, 100.0);
        let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
        let region = Region {
            lines,
            ..Region::default()
        };
        let kept = arrange(vec![region], Trust::Found).regions;
        let kept: Vec<String> = kept
            .iter()
            .flat_map(|region| region.lines.iter().map(|line| line.text.clone()))
            .collect();
        assert_eq!(kept, texts, "page {page}");
    }
}

/// The paragraphs of lines that begin at one edge, one under another, on a page whose usual line is so long.
fn paragraphs_of(lines: Vec<Line>, usual: f64) -> Vec<String> {
    let region = Region {
        lines,
        ..Region::default()
    };
    paragraphs(&region, None, usual)
}

fn lines_one_under_another(texts: &[&str]) -> Vec<Line> {
    let line = |(at, text): (usize, &&str)| {
        let words: Vec<&str> = text.split(' ').collect();
        line_of_words(&words, 100.0, 100.0 + at as f64 * 36.0, 10.0)
    };
    texts.iter().enumerate().map(line).collect()
}

#[test]
fn lines_that_their_writer_ended_stay_lines() {
    for lines in [
        &[
            "Die Boote fahren aus im ersten Licht,",
            "am Ufer steht ein Kind und hebt die Hände;",
            "der Alte zählt die Segel, doch er spricht",
            "kein Wort davon, wer wiederkommt am Ende.",
        ][..],
        &[
            "Уходят на рассвете корабли,",
            "И мать стоит, не говоря ни слова;",
            "За мысом, где кончается земля,",
            "Гудит труба тревожно и сурово.",
        ],
        &["olio per lampade", "corda", "sale per l’inverno", "sapone"],
        &["The Harbour Office", "North Quay 7", "Limpool"],
        &["Votre dévoué serviteur,", "Paul Lenoir"],
    ] {
        let kept = paragraphs_of(lines_one_under_another(lines), 900.0);
        assert_eq!(kept, [lines.join("\n")]);
    }
}

#[test]
fn running_text_is_joined_up_to_the_ends_of_its_paragraphs() {
    let prose = "The keeper of the north light wrote down the weather every hour and in the afternoon he read aloud from his \
                 book to anyone who came by";
    let words: Vec<&str> = prose.split_whitespace().collect();
    let lines = justified(&words, 30, 100.0, 100.0);
    let two = [lines.clone(), justified(&words, 30, 100.0, 400.0)].concat();
    assert_eq!(paragraphs_of(lines, 360.0).join("|"), words.join(" "));
    assert_eq!(
        paragraphs_of(two, 360.0),
        [words.join(" "), words.join(" ")]
    );
}

#[test]
fn a_salutation_is_a_paragraph_of_its_own() {
    let prose = "I have received your letter about the lamp and shall come by the evening boat if the wind lets me";
    let words: Vec<&str> = prose.split_whitespace().collect();
    let lines = [
        lines_one_under_another(&["Dear Mr Harrow,"]),
        justified(&words, 34, 100.0, 136.0),
    ];
    assert_eq!(
        paragraphs_of(lines.concat(), 408.0),
        ["Dear Mr Harrow,".to_string(), words.join(" ")]
    );
}

#[test]
fn stretched_lines_are_no_rows_of_a_table() {
    let stretched = [
        line_of_words(&["del", "mare", "grande"], 100.0, 100.0, 60.0),
        line_of_words(&["soprattutto", "a", "noi"], 100.0, 136.0, 60.0),
        line_of_words(&["in", "barca", "tranquilla"], 100.0, 172.0, 60.0),
    ];
    assert_eq!(paragraphs_of(stretched.to_vec(), 0.0).len(), 1);
}

#[test]
fn thai_has_spaces_between_phrases_alone() {
    use super::Gap;
    let words = |whites: &[f64]| {
        let mut at = 0.0;
        let place = |white: &f64| {
            at += white + 60.0;
            Some([at, 0.0, 60.0, 30.0])
        };
        let words = ["เรือ", "ออก", "จาก", "ท่า", "แล้ว"];
        let words: Vec<_> = words
            .into_iter()
            .zip(whites.iter().map(place))
            .map(|(word, place)| (word, Gap::Space, place))
            .collect();
        Line::of_words(words.into_iter()).text
    };
    assert_eq!(words(&[0.0, 4.0, 4.0, 4.0, 4.0]), "เรือออกจากท่าแล้ว");
    assert_eq!(words(&[0.0, 4.0, 4.0, 18.0, 4.0]), "เรือออกจาก ท่าแล้ว");
}
