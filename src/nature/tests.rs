use super::*;
use crate::page::nature::Sign;
use crate::segment::segment;

fn of(text: &str) -> Nature {
    let mut page = Page::new("p", text);
    segment(&mut page);
    nature(&page)
}

fn forms(text: &str) -> Vec<Form> {
    of(text).blocks.iter().map(|b| b.form).collect()
}

/// Whether all blocks of a text are of one form.
fn all(text: &str, form: Form) -> bool {
    forms(text).iter().all(|f| *f == form)
}

/// The lines that go on in the next.
fn going_on(text: &str) -> Vec<usize> {
    let nature = of(text);
    (0..nature.blocks.len())
        .filter(|at| nature.blocks[*at].goes_on)
        .collect()
}

const WRAPPED: &str = "The keeper of the north light wrote\ndown the weather every hour, and on\nslow afternoons he read aloud from\nhis book to anyone who came by.\nThe book is now kept in the village\nhall, where nobody has read it since\nthe winter of the long storm, when\nthe hall was full of cold people.";

const WRAPPED_WIDE: &str = "　　那天夜里下着大雨，街上没有一个人。老\n周撑着伞从巷口走来，看见门前的灯还亮着，\n便停下脚步，往里面望了一眼。屋里没有声音\n，只有雨点打在瓦上，一阵紧似一阵，他想起\n上个月来的时候，院子里的石榴正开着花。\n　　第二天一早，镇上的人都知道了这件事。\n有人说那家人欠了债，夜里要走；也有人说是\n得了病，怕传染给邻居，所以谁来也不开门。";

#[test]
fn wrapped_prose_goes_on_up_to_the_end_of_a_paragraph() {
    assert_eq!(going_on(WRAPPED), [0, 1, 2, 4, 5, 6]);
    assert_eq!(going_on(WRAPPED_WIDE), [0, 1, 2, 3, 5, 6]);
    assert_eq!(of(WRAPPED).wrapped.unwrap().lines, 6);
}

#[test]
fn articles_and_items_that_are_wrapped_go_on_and_the_next_does_not() {
    let page = "第一條　本辦法依渡口管理條例第二十條規定\n訂定之，渡口之營運及其監督事項均適用之。\n第二條　本辦法用詞，定義如下：\n一、渡船：指以機械或人力推進，往返於河川\n兩岸固定碼頭之間，運送旅客、車輛或貨物之\n船舶。\n二、受託營運：指設有渡船及碼頭設施之業者\n，接受主管機關委託，代為運送旅客、維護設\n備及收取票款之營運方式。\n第三條　本辦法自發布日施行。";
    assert_eq!(going_on(page), [0, 3, 4, 6, 7]);
    assert_eq!(of(page).blocks[6].form, Form::List);
}

#[test]
fn verse_stays_verse_in_any_script() {
    for verse in [
        "The boats go out upon the tide,\nThe nets are dry, the sky is wide,\nAnd he that has no boat to row\nMay sit and watch the others go\nUntil the evening brings them home\nAcross the darkening miles of foam",
        "Vuelve la barca cuando el sol declina,\nvuelve con redes y con pan moreno,\ny el viejo mar, que siempre fue sereno,\nguarda la luz que al puerto se avecina;\n\nla niña espera bajo de la encina,\ncon un pañuelo de jazmines lleno,\ny escucha lejos el rumor del heno,\nmientras la tarde por el monte inclina.",
        "摇啊摇，摇过九道湾\n月亮落在船板上\n阿妈在灯下补网\n一针长，一针短\n摇啊摇，摇过九道湾\n风里听见鼓声响",
        "父母呼\n應勿緩\n父母命\n行勿懶\n晨則起\n夜則眠\n衣必整\n襪必牽",
        "Тихо море, лодка спит,\nВ окнах огонёк горит,\nМать за прялкою сидит\nДа на берег всё глядит,\nА на берегу темно,\nНе видать там никого.",
    ] {
        assert!(all(verse, Form::Verse), "{verse} {:?}", forms(verse));
        assert!(
            of(verse).wrapped.is_none() && !of(verse).breaks.broken,
            "{verse}"
        );
    }
}

#[test]
fn speeches_are_dialogue() {
    let play = "KEEPER:\nWho comes so late to the light?\n\nSAILOR:\nOne that has lost his boat.\n\nKEEPER:\nCome in, the stove is warm.\n\nSAILOR:\nI thank you, sir.\n\nKEEPER:\nSit down.\n\nSAILOR:\nGladly.";
    let found = forms(play);
    assert_eq!(
        found.iter().filter(|f| **f == Form::Dialogue).count(),
        12,
        "{found:?}"
    );
    for speech in [
        "— Войдите, — сказал он.\n— Я не один.\n— Всё равно.",
        "- 你来了？\n- 来了。",
        "阿妈：回来了？\n小满：回来了。\n阿妈：吃饭吧。\n小满：好。\n阿妈：洗手。\n小满：洗了。",
    ] {
        assert!(
            forms(speech)
                .iter()
                .all(|f| matches!(f, Form::Dialogue | Form::List)),
            "{speech} {:?}",
            forms(speech)
        );
    }
}

#[test]
fn lists_options_and_steps_are_items() {
    for list in [
        "1. Tar the rope.\n2. Dry the nets.\n3. Trim the lamp.",
        "- rope\n- tar\n- lamp oil",
        "（一）渡船\n（二）码头\n（三）浮桥",
        "A. 渡船\nB. 码头\nC. 浮桥\nD. 引道",
        "第一条　渡船应当检验。\n\n第二条　码头应当照明。",
    ] {
        assert!(all(list, Form::List), "{list} {:?}", forms(list));
    }
}

#[test]
fn data_and_code_are_neither_prose_nor_verse() {
    for data in [
        "问题,回答,类别\n船什么时候开,早上六点开,0\n票价多少,四元,0\n能带车吗,可以免费带,1\n有厕所吗,有一个,0\n码头在哪,在城东,1",
        "2024-03-05 06:10:01 INFO ferry: left quay\n2024-03-05 06:36:12 INFO ferry: landed\n2024-03-05 06:40:00 WARN tide: low\n2024-03-05 07:10:01 INFO ferry: left quay\n2024-03-05 07:36:44 INFO ferry: landed",
        "1\n00:00:01,000 --> 00:00:03,000\n你来了\n\n2\n00:00:03,500 --> 00:00:05,000\n来了\n\n3\n00:00:06,000 --> 00:00:08,000\n吃饭吧",
    ] {
        assert!(all(data, Form::Data), "{data} {:?}", forms(data));
    }
    let program = "import os\n\ndef quay(name):\n    if name == \"north\":\n        return 1\n    for boat in boats(name):\n        print(boat)\n    return 0\n\nclass Ferry(Boat):\n    def __init__(self, seats=320):\n        self.seats = seats";
    assert!(all(program, Form::Code), "{:?}", forms(program));
    assert!(!of(program).markdown);
    let table = "quay      boats   seats\nnorth     11      320\nsouth     4       96\nisland    2       40";
    assert!(all(table, Form::Table), "{:?}", forms(table));
}

#[test]
fn markdown_shows_by_several_of_its_signs() {
    assert!(of("# 渡口\n\n沙湾渡口，见[地图](map.md)。\n\n- 渡船\n- 码头").markdown);
    assert!(!of("# a comment\nrun()\nx = boats[1]\nprint(x)").markdown);
    assert!(!of("— Войдите.\n\n* * *\n\nОн вошёл.").markdown);
    assert!(!of("他说**混蛋，就走了。").markdown);
}

#[test]
fn a_page_of_halves_shows_that_it_was_broken() {
    let page = "昨天清晨，一声汽笛划破江面的薄雾，停航近三年的老码头送走了第一班渡轮。座位不到一刻钟便坐满了，没抢到座位的人举起手\n\n机，对着慢慢退远的钟楼拍个不停。\n\n家住盐仓前的周阿婆今年七十八岁，年轻时在岛上做工，天天坐这条船上下班，她特意让孙子请了半天假，\n\n陪她再走一趟当年的水路。\n\n码头始建于一百一十年前，最热闹的时候，这里一天要停靠四十多班船。";
    let breaks = of(page).breaks;
    assert!(breaks.broken, "{}", breaks.says());
    assert_eq!(breaks.tails, [0, 2]);
    assert_eq!(breaks.seen(Sign::OpenAmongClosed), 2);
}

#[test]
fn a_page_that_is_whole_does_not_and_neither_does_one_without_marks() {
    for page in [
        "昨天清晨，一声汽笛划破江面的薄雾。\n\n码头始建于一百一十年前，一天要停靠四十多班船。\n\n船票四元：\n\n- 成人\n- 儿童",
        "子曰學而時習之不亦說乎有朋自遠方來不亦樂乎\n\n人不知而不慍不亦君子乎\n\n有子曰其為人也孝弟而好犯上者鮮矣不好犯上而好作亂者未之有也",
        "ท่าเรือเก่ากลับมาเปิดอีกครั้งเมื่อวานนี้ หลังจากปิดไปเกือบสามปี\n\nผู้โดยสารจำนวนมากมารอตั้งแต่เช้า",
        "»So bleib du lieber daheim, du wirst sonst krank.«\n\n»Ich komme mit, und wenn es regnet, nehme ich den Schirm.«\n\nSie gingen beide hinaus, obwohl es längst dunkel war.",
        "ወደቡ ትናንት ተከፈተ፣ ብዙ ሰዎችም መጡ።\n\nጀልባዋ በጠዋት ወጣች፣ ወንዙንም ተሻገረች።",
        "설명서는 무료이며, 신분증이 필요합니다.\n\n배는 아침 여섯 시에 떠나고, 저녁에 돌아옵니다.",
    ] {
        let breaks = of(page).breaks;
        assert!(!breaks.broken, "{page}: {}", breaks.says());
    }
}

#[test]
fn a_block_has_the_language_of_its_script_and_the_page_that_of_its_words() {
    let nature = of(
        "Der Fährmann wartete am Ufer, bis die letzten Gäste aus dem Wirtshaus kamen.\n\n渡船夫は岸で待っていた。\n\n나는 학교에 갔다.\n\n渡口每日开放，旅客可以免费带车。",
    );
    let codes: Vec<&str> = nature.blocks.iter().map(|b| b.language.code).collect();
    assert_eq!(codes, ["de", "ja", "ko", "zh"]);
}
