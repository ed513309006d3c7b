//! report.html, as a person meets it: in a browser, with a pointer, with keys, on a telephone, without scripts.

use crate::browser::Browser;
use crate::run::{Desk, Said, clean};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const TAB: &str = "\u{e004}";
const ESCAPE: &str = "\u{e00c}";
const RIGHT: &str = "\u{e014}";
const END: &str = "\u{e010}";
const ENTER: &str = "\u{e007}";

/// The sample pages cleaned, with two copies of one among them and a page that tries to break out.
fn cleaned() -> (Desk, Said) {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pages"))
        .expect("the sample pages")
    {
        let path = entry.expect("it was listed").path();
        if path.extension().is_some_and(|ending| ending != "right") {
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            files.push((name, fs::read(&path).expect("it was listed")));
        }
    }
    let article: String = (1..30)
        .map(|n| {
            format!(
                "第{n}段：渡轮今天第{}次靠岸，乘客从船上下来，卖花人在栈桥上等着他们。\n\n",
                n * 7
            )
        })
        .collect();
    files.push(("copies/a.txt".into(), article.clone().into()));
    files.push((
        "copies/b.txt".into(),
        article.replace("卖花人", "賣花人").into(),
    ));
    files.push((
        "copies/c.txt".into(),
        article.replace("栈桥", "钱桥").into(),
    ));
    files.push(("hostile.txt".into(), HOSTILE.into()));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    clean(&files, "")
}

const HOSTILE: &str = "港口的灯塔重新点亮,</script><script>window.broken=1</script><img src=x onerror=\"window.broken=1\"><!-- \
                       守塔人说,这一天他等了很久。\n";

/// What is worst read: contrast, and where.
const LEAST_CONTRAST: &str = "
    const light = (c) => c.map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
    const numbers = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
    const ground = (e) => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
    let least = [99, ''];
    for (const e of document.querySelectorAll('body *')) {
        if (!e.getClientRects().length || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
        const style = getComputedStyle(e), ink = numbers(e instanceof SVGElement ? style.fill : style.color).slice(0, 3);
        const [high, low] = [light(ink), light(ground(e))].sort((a, b) => b - a), contrast = (high + .05) / (low + .05);
        if (contrast < least[0]) least = [contrast, e.outerHTML.slice(0, 80)];
    }
    return least;";

#[test]
fn the_report_is_written_and_made_again_from_its_json_alone() {
    let (desk, _) = cleaned();
    let first = desk.bytes("out/report.html");
    fs::remove_file(desk.path("out/report.html")).unwrap();
    fs::remove_file(desk.path("out/changes.jsonl")).unwrap();
    assert_eq!(desk.run("report out").status, 0);
    assert!(first == desk.bytes("out/report.html"), "it differs");
    let said = desk.run("report in");
    assert_eq!(said.status, 2);
    assert!(
        said.stderr.contains("in/report.json") && said.stderr.contains("jiaokan clean"),
        "{}",
        said.stderr
    );
    desk.put("in/report.json", "{}");
    assert!(desk.run("report in").stderr.contains("clean again"));
}

#[test]
fn what_is_sampled_does_not_depend_on_threads() {
    let (desk, _) = cleaned();
    let samples = |desk: &Desk, out: &str| {
        let report = desk.value(&format!("{out}/report.json"));
        [
            report["samples"].clone(),
            report["clusters"].clone(),
            report["sources"].clone(),
        ]
    };
    assert_eq!(desk.run("clean in --out again --threads 1").status, 0);
    assert_eq!(samples(&desk, "out"), samples(&desk, "again"));
    assert!(
        !samples(&desk, "out")[0]["members"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_report_works_in_a_browser() {
    let Some(browser) = Browser::open() else {
        eprintln!(
            "skipped: there is no chromedriver here (apt-get install chromium chromium-driver)"
        );
        return;
    };
    let (desk, _) = cleaned();
    browser.look([1280, 900], "light");
    browser.go_to(&desk.path("out/report.html"));
    shows_what_the_run_did(&browser, &desk.value("out/report.json"));
    filters_by_rule_and_grade(&browser);
    tells_causes_on_hover(&browser);
    tells_causes_to_the_keyboard(&browser);
    sets_copies_side_by_side(&browser);
    fits_a_telephone_and_the_dark(&browser);
    assert_eq!(
        browser.run("return window.broken || 0"),
        0,
        "text of the corpus ran as a script"
    );
    assert_eq!(browser.complaints(), Vec::<Value>::new());
    let asked = browser.requests();
    assert!(
        !asked.is_empty() && asked.iter().all(|url| url.ends_with("/out/report.html")),
        "{asked:?}"
    );
    lets_nothing_out_or_in(&browser);
    tells_the_counts_without_scripts(&browser, &desk);
}

fn shows_what_the_run_did(browser: &Browser, report: &Value) {
    let counts = browser
        .run("return [...document.querySelectorAll('#counts dd')].map((d) => d.textContent)");
    assert_eq!(counts[0], report["read"]["documents"].to_string());
    assert_eq!(counts[2], report["written"]["copies_dropped"].to_string());
    let ledger = browser
        .run("return [...document.querySelectorAll('#ledger tbody th button')].map((b) => b.textContent).sort()");
    let rules: std::collections::BTreeSet<&String> = ["changes", "remarks"]
        .iter()
        .flat_map(|of| report[of].as_object().unwrap().keys())
        .collect();
    assert_eq!(ledger, json!(rules));
    let plots =
        browser.run("return [...document.querySelectorAll('#plots svg')].map((s) => s.getAttribute('aria-label'))");
    assert_eq!(plots.as_array().unwrap().len(), 4);
    assert!(
        plots[0].as_str().unwrap().contains("copies/b.txt 100 %"),
        "{plots}"
    );
}

/// How many marks of the pages that are open are shown, by rule: that of their causes.
const VISIBLE: &str = "
    return [...document.querySelectorAll('.pane [data-mark]:not(.off)')].filter((m) => m.checkVisibility()).length;";

fn filters_by_rule_and_grade(browser: &Browser) {
    let all = browser.run(VISIBLE).as_u64().unwrap();
    browser.point("#filter-rule", true);
    browser.run(
        "const s = document.getElementById('filter-rule'); s.value = 'rejoin'; s.dispatchEvent(new Event('change'))",
    );
    let joined = browser.run(VISIBLE).as_u64().unwrap();
    assert!(0 < joined && joined < all, "{joined} of {all}");
    let groups = "return [...document.querySelectorAll('#examples details, #judge details')].filter((d) => !d.hidden).map((d) => d.querySelector('h3').textContent)";
    assert_eq!(browser.run(groups), json!(["rejoin"]));
    assert!(
        !browser
            .run("return document.querySelector('#judge > p').hidden")
            .as_bool()
            .unwrap()
    );
    browser.point("#grade-verified", true);
    assert_eq!(browser.run(VISIBLE), 0);
    assert_eq!(browser.run(groups), json!([]));
    browser.point("#grade-verified", true);
    assert_eq!(browser.run(VISIBLE), joined);
    browser.run("const s = document.getElementById('filter-rule'); s.value = ''; s.dispatchEvent(new Event('change'))");
    browser.point("#grade-certain", true);
    browser.point("#grade-verified", true);
    let count = browser.run("return document.getElementById('filter-count').textContent");
    assert!(
        count.as_str().unwrap().contains(" 0 examples")
            && !count.as_str().unwrap().contains(", 0 to judge"),
        "{count}"
    );
    browser.point("#grade-certain", true);
    browser.point("#grade-verified", true);
    assert_eq!(browser.run(VISIBLE), all);
    // the ledger leads to what a rule did
    browser.point("#ledger tbody tr:nth-child(2) button", true);
    let led = browser.run("return [document.getElementById('filter-rule').value, document.querySelector('#ledger tbody tr:nth-child(2) button').textContent, document.activeElement.id]");
    assert_eq!((&led[0], &led[2]), (&led[1], &json!("filter-rule")));
    browser.run("const s = document.getElementById('filter-rule'); s.value = ''; s.dispatchEvent(new Event('change'))");
}

/// What the cause says that is shown, if one is.
const CAUSE: &str = "const c = document.getElementById('cause'); return c.hidden || c.style.visibility === 'hidden' ? '' : c.textContent;";

fn tells_causes_on_hover(browser: &Browser) {
    browser.run("document.querySelectorAll('#pages details').forEach((d) => { d.open = true; })");
    browser.run("document.activeElement.blur()");
    assert_eq!(browser.run(CAUSE), "");
    browser.point("#pages .tick.seam", false);
    let cause = browser.run(CAUSE).as_str().unwrap().to_string();
    assert!(
        cause.contains("rejoin") && cause.contains("verified") && cause.contains("probability"),
        "{cause}"
    );
    browser.point("#plots-h", false);
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert_eq!(browser.run(CAUSE), "");
}

fn tells_causes_to_the_keyboard(browser: &Browser) {
    browser.run("document.getElementById('grade-suspected').focus()");
    let where_focus_is = "const e = document.activeElement; return [e.tagName, e.closest('.pane') ? 'pane' : '', e.getAttribute('aria-describedby') || '']";
    // the first page's summary, then its first mark: one stop for each column
    browser.press(TAB);
    assert_eq!(browser.run(where_focus_is)[0], "SUMMARY");
    browser.press(TAB);
    assert_eq!(browser.run(where_focus_is), json!(["DEL", "pane", "cause"]));
    let first = browser.run(CAUSE);
    assert!(first.as_str().unwrap().contains("certain"), "{first}");
    browser.press(RIGHT);
    let second = browser.run(CAUSE);
    assert!(second != "" && second != first, "{second}");
    browser.press(END);
    assert!(![json!(""), first, second].contains(&browser.run(CAUSE)));
    let column = "return [...document.activeElement.closest('.columns').children].indexOf(document.activeElement.closest('.columns > div'))";
    assert_eq!(browser.run(column), 0);
    browser.press(ENTER);
    assert_eq!(browser.run(column), 1, "the same place in the other column");
    browser.press(ESCAPE);
    assert_eq!(browser.run(CAUSE), "");
    assert_eq!(browser.run(where_focus_is)[1], "pane");
    browser.press(TAB);
    assert_eq!(
        browser.run(where_focus_is)[0],
        "SUMMARY",
        "the next page is one step away"
    );
}

fn sets_copies_side_by_side(browser: &Browser) {
    let marks = "return [...document.querySelectorAll('#clusters details:first-child .pane')].map((p) => [...new Set([...p.querySelectorAll('del, ins')].map((m) => m.textContent))].sort().join(''))";
    let marks = browser.run(marks);
    let texts: String = marks
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(marks.as_array().unwrap().len(), 3, "{marks}");
    assert!(
        texts.contains('賣') && texts.contains('钱') && !texts.contains('渡'),
        "{marks}"
    );
}

fn fits_a_telephone_and_the_dark(browser: &Browser) {
    for scheme in ["light", "dark"] {
        for width in [1280, 360] {
            browser.look([width, 740], scheme);
            browser.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
            let page = browser
                .run("return document.documentElement.scrollWidth")
                .as_u64()
                .unwrap();
            assert!(page <= u64::from(width), "{page} at {width}, {scheme}");
            let least = browser.run(LEAST_CONTRAST);
            assert!(least[0].as_f64().unwrap() >= 4.5, "{least}, {scheme}");
            assert!(browser.picture().len() > 20_000);
        }
        let ground = browser.run("return getComputedStyle(document.body).backgroundColor");
        assert_eq!(ground == "rgb(19, 21, 24)", scheme == "dark", "{ground}");
    }
}

fn lets_nothing_out_or_in(browser: &Browser) {
    let refused = "return new Promise((done) => {
        document.addEventListener('securitypolicyviolation', (e) => done(e.violatedDirective));
        new Image().src = 'http://127.0.0.1:9/';
        setTimeout(() => done('allowed'), 5000);
    })";
    assert!(
        browser
            .run(refused)
            .as_str()
            .unwrap()
            .starts_with("img-src"),
        "a picture may be asked for"
    );
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)",
    );
    // what WebDriver runs has no nonce either, but is not put into the page
    assert_eq!(
        browser.run("return window.broken || 0"),
        0,
        "a script without the nonce ran"
    );
}

fn tells_the_counts_without_scripts(browser: &Browser, desk: &Desk) {
    browser.run_scripts(false);
    browser.go_to(&desk.path("out/report.html"));
    let text = browser.text("body");
    assert!(
        text.contains("needs JavaScript") && text.contains("documents in 12 files came in"),
        "{text}"
    );
    assert!(
        text.contains("rejoin") && !text.contains("To judge"),
        "{text}"
    );
    browser.run_scripts(true);
}
