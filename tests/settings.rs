//! Where options may stand, and what the program says of itself: jiaokan.toml, the environment, presets, `config`,
//! completions, man pages, what programs read of a run, and errors with a way out.

use crate::run::{Desk, Said, clean};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, SystemTime};

const GOOD: &str = "灯塔重新点亮,守塔人说这一天他等了很久。\n";

/// What `jiaokan config` says: by option its value, as TOML writes it, and where it comes from.
fn in_force(said: &Said) -> BTreeMap<String, (String, String)> {
    assert_eq!(said.status, 0, "{}", said.stderr);
    let lines = said
        .stdout
        .lines()
        .take_while(|line| !line.starts_with('['));
    let setting = |line: &str| {
        let (set, source) = line.split_once("  # ")?;
        let (option, value) = set
            .split_once(" = ")
            .unwrap_or((set.trim_start_matches("# "), ""));
        Some((
            option.trim().to_string(),
            (value.trim().to_string(), source.to_string()),
        ))
    };
    lines.filter_map(setting).collect()
}

/// All options of `clean`.
fn all_options() -> Vec<String> {
    in_force(&Desk::with(&[]).run("config"))
        .into_keys()
        .collect()
}

// ---- which goes before which

#[test]
fn a_flag_goes_before_the_environment_before_the_file_before_the_preset_before_the_default() {
    let desk = Desk::with(&[]);
    let passages = |flags: &str, environment: &[(&str, &str)]| {
        let said = desk.run_in(&format!("config {flags}"), environment);
        let (value, source) = in_force(&said)["passages"].clone();
        format!("{value} by {source}")
    };
    let environment = [("JIAOKAN_PASSAGES", "mark")];
    assert_eq!(passages("", &[]), "\"mark\" by default");
    assert_eq!(passages("--preset web", &[]), "\"off\" by preset web");
    desk.put("jiaokan.toml", "# ours\npassages = \"drop\"\n");
    assert_eq!(
        passages("--preset web", &[]),
        "\"drop\" by jiaokan.toml line 2"
    );
    assert_eq!(
        passages("--preset web", &environment),
        "\"mark\" by environment JIAOKAN_PASSAGES"
    );
    assert_eq!(
        passages("--preset web --passages off", &environment),
        "\"off\" by flag --passages"
    );
    assert_eq!(passages("--config none", &[]), "\"mark\" by default");
    assert_eq!(
        passages("--no-config --preset web", &[]),
        "\"off\" by preset web"
    );
}

#[test]
fn a_run_goes_by_the_file_and_the_preset_in_it() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    desk.put(
        "jiaokan.toml",
        "preset = \"book\"\nout = \"cleaned\"\nnear_paragraphs = \"drop\"\n",
    );
    let said = desk.run("clean in");
    assert_eq!(said.status, 0, "{}", said.stderr);
    let options = &desk.value("cleaned/report.json")["options"];
    assert_eq!(options["rejoin"]["join"], "cautious");
    assert_eq!(options["repeats"]["paragraphs"], "mark");
    assert_eq!(options["repeats"]["near_paragraphs"], "drop");
}

#[test]
fn a_file_by_another_name_is_taken_if_it_is_named() {
    let desk = Desk::with(&[]);
    desk.put("jiaokan.toml", "join = \"off\"\n");
    desk.put("ours.toml", "join = \"eager\"\n");
    let join = |said: Said| in_force(&said)["join"].clone();
    assert_eq!(
        join(desk.run("config --config ours.toml")).1,
        "ours.toml line 1"
    );
    assert_eq!(
        join(desk.run_in("config", &[("JIAOKAN_CONFIG", "ours.toml")])).1,
        "ours.toml line 1"
    );
    assert_eq!(
        join(desk.run_in("config", &[("JIAOKAN_CONFIG", "none")])).1,
        "default"
    );
}

#[test]
fn what_is_switched_on_elsewhere_can_be_switched_off_again() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    desk.put("jiaokan.toml", "quiet = true\n");
    assert_eq!(desk.run("clean in --out out").stderr, "");
    assert!(
        desk.run("clean in --out out --quiet=false")
            .stderr
            .contains("clean.jsonl")
    );
    assert!(
        desk.run_in("clean in --out out", &[("JIAOKAN_QUIET", "no")])
            .stderr
            .contains("clean.jsonl")
    );
    assert_eq!(
        desk.run("clean in --out out --quiet --quiet").status,
        0,
        "said twice, as by a script"
    );
}

#[test]
fn another_command_finds_its_own_options_below_its_name() {
    let desk = Desk::with(&[("a.txt", GOOD.repeat(3).as_bytes())]);
    desk.put(
        "jiaokan.toml",
        "quiet = true\n[lexicon]\nto = \"small.lexicon\"\nmost = 5\n",
    );
    let said = desk.run("lexicon in");
    assert_eq!(said.status, 0, "{}", said.stderr);
    desk.run("lexicon in --no-config --to whole.lexicon");
    assert!(desk.bytes("small.lexicon").len() < desk.bytes("whole.lexicon").len());
    // the folder of prints of a run is no file of prints of a shard
    desk.put("jiaokan.toml", "prints = \"kept\"\n");
    let said = desk.run("survey in");
    assert!(
        said.status == 2 && said.stderr.contains("--prints"),
        "{}",
        said.stderr
    );
}

// ---- what is left out

#[test]
fn a_rule_that_is_left_out_changes_nothing() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    let cleaned = |said: Said| {
        assert_eq!(said.status, 0, "{}", said.stderr);
        desk.records("out/clean.jsonl")[0]["text"].clone()
    };
    let [mended, left] = ["灯塔重新点亮，守塔人", "灯塔重新点亮,守塔人"]
        .map(|begins| begins.to_string() + "说这一天他等了很久。");
    assert_eq!(cleaned(desk.run("clean in --out out")), mended);
    assert_eq!(
        cleaned(desk.run("clean in --out out --without gloss,width")),
        left
    );
    assert_eq!(
        cleaned(desk.run_in("clean in --out out", &[("JIAOKAN_WITHOUT", "width,gloss")])),
        left
    );
    desk.put("jiaokan.toml", "without = [\"width\"]\n");
    assert_eq!(cleaned(desk.run("clean in --out out")), left);
    assert_eq!(
        desk.value("out/report.json")["options"]["without"],
        serde_json::json!(["width"])
    );
}

#[test]
fn a_method_that_is_left_out_finds_nothing() {
    let article: String = (1..30)
        .map(|n| format!("第{n}座灯塔在第{}夜重新点亮，守塔人等了很久。", n * 7))
        .collect();
    let desk = Desk::with(&[("a.txt", article.as_bytes()), ("b.txt", article.as_bytes())]);
    let documents = |flags: &str| {
        assert_eq!(desk.run(&format!("clean in --out out {flags}")).status, 0);
        desk.records("out/clean.jsonl").len()
    };
    assert_eq!(documents(""), 1);
    assert_eq!(documents("--without duplicate,exact,near,spliced"), 2);
    assert!(desk.records("out/changes.jsonl").iter().all(|change| {
        !["duplicate", "exact", "near", "spliced"].contains(&change["rule"].as_str().unwrap())
    }));
}

#[test]
fn a_name_that_is_no_rule_is_refused_with_the_nearest() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    let said = desk.run("clean in --out out --without glos");
    assert!(
        said.status == 2 && said.stderr.contains("'gloss'"),
        "{}",
        said.stderr
    );
    let said = desk.run("clean in --out out --without layout");
    assert_eq!(said.status, 2, "what a stage does itself stays");
    let said = desk.run_in("clean in --out out", &[("JIAOKAN_WITHOUT", "widht")]);
    assert!(
        said.status == 2 && said.stderr.contains("did you mean \"width\"?"),
        "{}",
        said.stderr
    );
}

// ---- what is refused

#[test]
fn what_the_file_does_not_know_it_refuses_with_the_line_and_the_nearest() {
    let cases = [
        (
            "nearparagraphs = \"drop\"",
            "line 2: there is no option \"nearparagraphs\"; did you mean \"near-paragraphs\"?",
        ),
        (
            "join = \"balancd\"",
            "line 2: join = balancd: it is one of cautious, balanced, eager, off; did you mean \"balanced\"?",
        ),
        (
            "cluster-from = 3",
            "line 2: cluster-from = 3: a share is a number from 0 to 1",
        ),
        (
            "threads = \"many\"",
            "line 2: threads = many: it is a whole number",
        ),
        (
            "join = [\"off\", \"eager\"]",
            "line 2: join = off, eager: it takes one value",
        ),
        ("join = 2026-01-01", "line 2: join: a value is a string"),
        ("join = ", "line 2: "),
        ("join = \"off\"\njoin = \"off\"", "line 3: "),
        (
            "near-paragraphs = \"off\"\nnear_paragraphs = \"off\"",
            "line 3: near-paragraphs is set a second time here",
        ),
        (
            "most = 3",
            "line 2: \"most\" is an option of `jiaokan lexicon`: write it below [lexicon]",
        ),
        (
            "[lexcon]\nmost = 3",
            "line 3: there is no command \"lexcon\" that has options; did you mean [lexicon]?",
        ),
        (
            "[config]\njoin = \"off\"",
            "line 3: there is no command \"config\"",
        ),
        (
            "[lexicon]\nmots = 3",
            "line 3: there is no option \"mots\"; did you mean \"most\"?",
        ),
        ("without = [\"width\", \"glos\"]", "did you mean \"gloss\"?"),
        (
            "config = \"other.toml\"",
            "line 2: config cannot be set in the file that it chooses",
        ),
    ];
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    for (line, why) in cases {
        desk.put("jiaokan.toml", format!("# settings\n{line}\n"));
        let said = desk.run("clean in --out out");
        assert_eq!(said.status, 2, "{line}");
        assert!(
            said.stderr.starts_with("jiaokan: jiaokan.toml ") && said.stderr.contains(why),
            "{line}: {}",
            said.stderr
        );
        assert!(!desk.path("out").exists(), "{line}");
    }
}

#[test]
fn what_the_environment_says_wrongly_is_refused_by_name() {
    let desk = Desk::with(&[]);
    let said = desk.run_in("config", &[("JIAOKAN_NEAR_PARAGRAPH", "drop")]);
    assert!(
        said.status == 2
            && said
                .stderr
                .contains("did you mean JIAOKAN_NEAR_PARAGRAPHS?"),
        "{}",
        said.stderr
    );
    let said = desk.run_in("config", &[("JIAOKAN_JOIN", "of")]);
    assert!(
        said.stderr.contains("JIAOKAN_JOIN in the environment") && said.stderr.contains("\"off\"?"),
        "{}",
        said.stderr
    );
    assert_eq!(
        in_force(&desk.run_in("config", &[("JIAOKAN_JOIN", "")]))["join"].1,
        "default"
    );
}

// ---- jiaokan config, presets, docs

#[test]
fn what_config_prints_gives_the_same_when_it_is_read() {
    let desk = Desk::with(&[]);
    let odd = "text-field = \"the \\\"body\\\" of # it\\t\"\nid-field = \"7\"\nencoding = \"true\"\nthreads = 2\n[lexicon]\nmost = 9\n";
    desk.put("jiaokan.toml", odd);
    let environment = [("JIAOKAN_CLUSTER_FROM", "0.25"), ("JIAOKAN_STRICT", "yes")];
    let first = desk.run_in(
        "config --preset web --memory 2GB --join eager",
        &environment,
    );
    desk.put("again.toml", &first.stdout);
    let second = desk.run("config --config again.toml");
    let values = |said: &Said| {
        in_force(said)
            .into_iter()
            .map(|(key, (value, _))| (key, value))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&second), values(&first));
    let section = |said: &Said| {
        said.stdout
            .split_once("\n[lexicon]\n")
            .expect("it is printed")
            .1
            .contains("most = 9 ")
    };
    assert!(section(&first) && section(&second), "{}", second.stdout);
    let read: BTreeMap<String, (String, String)> = in_force(&second);
    assert_eq!(read["text-field"].0, "\"the \\\"body\\\" of # it\\t\"");
    assert_eq!(
        (read["preset"].0.as_str(), read["strict"].0.as_str()),
        ("\"web\"", "true")
    );
}

#[test]
fn each_preset_is_taken_and_listed_with_its_reasons() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    let rules = desk.run("rules").stdout;
    for preset in ["auto", "web", "book"] {
        let said = desk.run(&format!("clean in --out out --preset {preset}"));
        assert_eq!(said.status, 0, "{preset}: {}", said.stderr);
        assert!(
            rules.contains(&format!("\n{preset}\n")),
            "{preset} is not listed"
        );
    }
    let once_auto = desk.run("clean in --out out --preset newspaper");
    assert_eq!(once_auto.status, 0, "{}", once_auto.stderr);
    assert_eq!(desk.run("clean in --out out --preset magazine").status, 2);
}

#[test]
fn the_page_on_configuration_names_every_option() {
    let page = include_str!("../docs/configuration.md");
    for option in all_options() {
        assert!(
            page.contains(&format!("`{option}`")),
            "docs/configuration.md says nothing of {option}"
        );
    }
}

#[test]
fn completions_and_man_pages_know_the_options() {
    let desk = Desk::with(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = desk.run(&format!("completions {shell}"));
        assert!(
            said.status == 0 && said.stdout.contains("near-paragraphs"),
            "{shell}: {}",
            said.stderr
        );
    }
    assert!(desk.run("man").stdout.contains("jiaokan\\-clean"));
    assert_eq!(desk.run("man --to pages").status, 0);
    let page = String::from_utf8(desk.bytes("pages/jiaokan-clean.1")).unwrap();
    assert!(page.contains("near\\-paragraphs"), "{page}");
    assert!(desk.files("pages").contains(&"jiaokan.1".to_string()));
}

// ---- what programs read

#[test]
fn json_is_the_report_and_nothing_else() {
    let (desk, said) = clean(
        &[("a.txt", GOOD.as_bytes()), ("b.txt", b"\xff\xff")],
        "--json",
    );
    assert_eq!(said.status, 1);
    let printed: serde_json::Value =
        serde_json::from_str(&said.stdout).unwrap_or_else(|e| panic!("{e}: {}", said.stdout));
    assert_eq!(printed, desk.value("out/report.json"));
    assert_eq!(printed["read"]["refused"], 1);
}

#[test]
fn colours_stand_on_terminals_alone_unless_they_are_asked_for() {
    let desk = Desk::with(&[("a.txt", GOOD.as_bytes())]);
    let is_coloured = |said: Said| said.stderr.contains('\u{1b}');
    assert!(!is_coloured(desk.run("clean in --out out")));
    assert!(is_coloured(
        desk.run_in("clean in --out out", &[("CLICOLOR_FORCE", "1")])
    ));
    assert!(!is_coloured(
        desk.run_in("clean in --out out", &[("NO_COLOR", "1")])
    ));
}

#[test]
fn the_summary_says_what_was_dropped_repaired_and_refused_and_where_to_look() {
    let (desk, said) = clean(&[("a.txt", GOOD.as_bytes()), ("b.txt", b"\xff\xff")], "");
    for line in [
        "read     1 document, 59 B, from 2 files",
        "refused  1 document: out/rejected.jsonl",
        "dropped  nothing",
        "repaired 1 place: 1 width",
        "joined   0 halves; 0 stay open",
        "look at  out/clean.jsonl",
    ] {
        assert!(said.stderr.contains(line), "no {line:?} in {}", said.stderr);
    }
    assert!(said.stderr.contains("out/report.html") && desk.path("out/report.html").exists());
}

#[test]
fn make_reads_the_depfile_and_sees_what_changed() {
    let odd = [
        "a b.txt",
        "100%.txt",
        "a$b.txt",
        "a#b.txt",
        "a:b.txt",
        "[a]*?.txt",
        "~a.txt",
        "深/灯塔.txt",
    ];
    let desk = Desk::with(&odd.map(|name| (name, GOOD.as_bytes())));
    desk.put("jiaokan.toml", "join = \"off\"\n");
    let recipe = format!(
        "{} clean in --out out --depfile out.d --quiet",
        env!("CARGO_BIN_EXE_jiaokan")
    );
    desk.put(
        "Makefile",
        format!("out/report.json:\n\t@{recipe} && echo cleaned\n-include out.d\n"),
    );
    let make = || {
        let said = Command::new("make")
            .current_dir(desk.path(""))
            .env_remove("MAKEFLAGS")
            .output()
            .unwrap();
        assert!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stderr)
        );
        String::from_utf8_lossy(&said.stdout).contains("cleaned")
    };
    // older than what is made of them, on any disk
    let age = |names: &[&str]| {
        for name in names {
            let hour_ago = SystemTime::now() - Duration::from_secs(3600);
            std::fs::File::open(desk.path(name))
                .unwrap()
                .set_modified(hour_ago)
                .unwrap();
        }
    };
    let named = odd.map(|name| format!("in/{name}"));
    let all: Vec<&str> = named
        .iter()
        .map(String::as_str)
        .chain(["in", "in/深", "jiaokan.toml"])
        .collect();
    age(&all);
    assert!(make() && !make());
    for name in &all {
        std::fs::File::open(desk.path("out/report.json"))
            .unwrap()
            .set_modified(SystemTime::now() - Duration::from_secs(60))
            .unwrap();
        assert!(!make(), "nothing changed");
        std::fs::File::open(desk.path(name))
            .unwrap()
            .set_modified(SystemTime::now())
            .unwrap();
        assert!(make(), "{name} changed");
        age(&[name]);
    }
    std::fs::remove_file(desk.path("in/a b.txt")).unwrap();
    assert!(make(), "a file is gone");
}

#[test]
fn a_depfile_that_make_could_not_read_is_refused_before_the_run() {
    let desk = Desk::with(&[("a=b.txt", GOOD.as_bytes())]);
    let said = desk.run("clean in --out out --depfile out.d");
    assert!(
        said.status == 2 && said.stderr.contains("a=b.txt"),
        "{}",
        said.stderr
    );
    assert!(!desk.path("out").exists());
}

// ---- explain

const SENTENCES: &str = "渡轮靠岸时天还没有亮。老船工把缆绳抛给岸上的孩子。市场里第一批鱼已经摆上案板。卖豆腐的推车从桥头下来。\
    学堂的钟敲了七下。邮差说北岸的信要晚一天到。午后起了风，晒在堤上的网都收了进去。他回到屋里写完了这一天的日记。\
    灯油还够烧半个月。夜里只听得见潮水。";

#[test]
fn explain_folds_what_did_not_change_unless_the_whole_is_asked_for() {
    let calm: Vec<&str> = SENTENCES.split_inclusive('。').collect();
    let calm = calm.join("\n\n");
    let (desk, _) = clean(&[("a.txt", format!("{GOOD}\n{calm}").as_bytes())], "");
    let said = desk.run("explain out a.txt --context 2").stdout;
    assert!(
        said.contains("灯塔重新点亮[-,-]{+，+}守塔人") && said.contains("渡轮"),
        "{said}"
    );
    assert!(
        !said.contains("日记") && said.contains("lines without a change"),
        "{said}"
    );
    let whole = desk.run("explain out a.txt --whole").stdout;
    assert!(whole.contains("日记") && !whole.contains("⋯"), "{whole}");
}

#[test]
fn explain_shows_what_stands_between_halves_that_are_far_apart_as_it_came() {
    let (desk, _) = clean(
        &[("a.md", include_bytes!("../data/pages/03-library.md"))],
        "",
    );
    let said = desk.run("explain out a.md").stdout;
    assert!(said.contains("留一张桌{+⁀+}\n\n\n\n晚上九点"), "{said}");
    assert!(said.contains("打电话[-,-]{+，+}{+⁀+}把已经下班"), "{said}");
}

#[test]
fn explain_shows_changes_that_touch_as_one() {
    let (desk, _) = clean(
        &[("a.txt", "信息通信業(yè)的發(fā)展很快。\n".as_bytes())],
        "--script simplified",
    );
    let said = desk.run("explain out a.txt").stdout;
    assert!(
        said.contains("信息通信[-業(yè)-]{+业+}的[-發(fā)-]{+发+}展很快"),
        "{said}"
    );
}

#[test]
fn explain_shows_whole_words_of_latin_script() {
    let text = "The keep\u{ad}er lit the lamp.\n";
    let (desk, _) = clean(&[("a.txt", text.as_bytes())], "");
    let said = desk.run("explain out a.txt").stdout;
    assert!(
        said.contains("The [-keep\u{ad}er-]{+keeper+} lit the lamp."),
        "{said}"
    );
}

// ---- a way out

#[test]
fn errors_say_a_way_out_on_the_next_line() {
    let desk = Desk::with(&[("harbour.txt", GOOD.as_bytes())]);
    desk.put("empty/picture.png", b"\x89PNG");
    desk.put("file", "a file");
    for (words, way) in [
        (
            "clean in/harbor.txt --out out",
            "\n  did you mean in/harbour.txt?",
        ),
        ("clean im --out out", "\n  did you mean in?"),
        ("clean inn/harbour.txt --out out", "\n  did you mean in?"),
        (
            "clean empty --out out",
            "\n  in folders, files are taken that end in .jsonl",
        ),
        (
            "clean in --out file",
            "\n  file is a file: name another folder",
        ),
        (
            "undo in --to back",
            "\n  name a folder that `jiaokan clean --out` wrote",
        ),
        (
            "clean in --out out --config jiaoken.toml",
            "\n  . holds empty, file, in",
        ),
    ] {
        let said = desk.run(words);
        assert_eq!(said.status, 2, "{words}");
        assert!(
            said.stderr.starts_with("jiaokan: ") && said.stderr.contains(way),
            "{words}: {}",
            said.stderr
        );
    }
}

#[test]
fn what_make_compares_is_what_changes_the_output() {
    let desk = Desk::with(&[("a.txt", b"")]);
    let of = |flags: &str| desk.run(&format!("config --for-make {flags}")).stdout;
    assert!(of("").contains("\njoin = \"balanced\"\n"), "{}", of(""));
    assert_eq!(of(""), of("--threads 2 --memory 2GB --verbose"));
    assert_ne!(of(""), of("--join off"));
}
