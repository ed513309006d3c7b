//! Texts by formula, with places that are filled, and sentences to stand around them. All of it was written for this bench.

use generate::Random;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

/// What a place is filled with, in either language.
fn value(random: &mut Random, language: Language, slot: &str) -> String {
    let kind = slot.trim_end_matches(|c: char| c.is_ascii_digit());
    let number =
        |random: &mut Random, range: std::ops::Range<usize>| random.within(range).to_string();
    let zh = language == Language::Chinese;
    let pick = |random: &mut Random, words: &str| {
        let words: Vec<&str> = words.split('/').collect();
        random.pick(&words).to_string()
    };
    match kind {
        "person" if zh => {
            let given: Vec<char> = GIVEN.chars().collect();
            let mut name = pick(random, SURNAMES);
            name.push(*random.pick(&given));
            if random.chance(60) {
                name.push(*random.pick(&given));
            }
            name
        }
        "person" => format!("{} {}", pick(random, FIRST_NAMES), pick(random, LAST_NAMES)),
        "surname" if zh => pick(random, SURNAMES),
        "surname" => pick(random, LAST_NAMES),
        "foreigner" => pick(random, FOREIGNERS),
        "country" if zh => pick(random, COUNTRIES_ZH),
        "country" => pick(random, COUNTRIES_EN),
        "city" if zh => pick(random, CITIES_ZH),
        "city" => pick(random, CITIES_EN),
        "street" if zh => pick(
            random,
            "和平路/建设街/文化巷/解放大道/滨河路/中山路/学府街/站前路/青年路/育才巷/长春街/胜利路",
        ),
        "street" => pick(
            random,
            "Elm Street/Mill Lane/Harbour Road/Station Street/Church Lane/King Street/Orchard Road/Bridge Street/Park Avenue/Chapel Road",
        ),
        "year" => number(random, 1998..2026),
        "month" if zh => number(random, 1..13),
        "month" => pick(
            random,
            "January/February/March/April/May/June/July/August/September/October/November/December",
        ),
        "day" => number(random, 1..29),
        "noon" => pick(
            random,
            if zh {
                "上午/下午/中午/晚上"
            } else {
                "morning/afternoon/evening"
            },
        ),
        "weekday" => pick(
            random,
            if zh {
                "星期一/星期二/星期三/星期四/星期五/星期六/星期日"
            } else {
                "Monday/Tuesday/Wednesday/Thursday/Friday/Saturday/Sunday"
            },
        ),
        "small" => number(random, 2..10),
        "num" => number(random, 11..999),
        "big" => number(random, 1_000..99_999),
        "dose" => pick(random, "1.5/15/0.5/5/2.5/25/0.25/7.5/75/10/1.0/100"),
        "dec" => format!("{}.{}", random.within(1..90), random.within(1..10)),
        "signed" => format!("{}{}", pick(random, "/-/+"), random.within(1..30)),
        "score" => format!("{}:{}", random.within(0..6), random.within(0..6)),
        "price" => format!(
            "{}{}.{}",
            pick(random, "$/€/£"),
            random.within(3..400),
            random.within(10..100)
        ),
        "ordinal" => format!(
            "第{}",
            pick(
                random,
                "二/三/四/五/六/七/八/九/十/十一/十二/十四/十七/二十/二十三/三十九"
            )
        ),
        "nth" => pick(
            random,
            "first/second/third/fourth/fifth/sixth/seventh/ninth/tenth/twelfth",
        ),
        "edition" if zh => pick(
            random,
            "英文/法文/俄文/日文/德文/阿拉伯文/西班牙文/葡萄牙文",
        ),
        "edition" => pick(
            random,
            "English/French/Russian/German/Spanish/Portuguese/Italian/Japanese",
        ),
        "religion" => pick(random, "道教/佛教/基督教/天主教/伊斯兰教"),
        "guilty" => pick(
            random,
            if zh {
                "构成/不构成"
            } else {
                "guilty/not guilty"
            },
        ),
        "grant" => pick(
            random,
            if zh {
                "予以/不予"
            } else {
                "granted/denied/dismissed"
            },
        ),
        "agree" => pick(
            random,
            if zh {
                "同意/不同意"
            } else {
                "agrees/does not agree"
            },
        ),
        "must" => pick(
            random,
            if zh {
                "可以/不得/应当"
            } else {
                "may/must not/must"
            },
        ),
        "good" => pick(
            random,
            if zh {
                "非常满意/非常失望"
            } else {
                "very satisfied/very disappointed"
            },
        ),
        "advise" => pick(
            random,
            if zh {
                "值得/不值得"
            } else {
                "would recommend/would not recommend"
            },
        ),
        "sky" => pick(
            random,
            if zh {
                "晴/多云/小雨/阴/雷阵雨/中雨/大雪"
            } else {
                "sunny/cloudy/rainy/foggy/windy/snowy"
            },
        ),
        "trend" => pick(
            random,
            if zh {
                "上涨/下跌/回升/回落"
            } else {
                "rose/fell/climbed/dropped"
            },
        ),
        "wind" => pick(
            random,
            if zh {
                "东南/西北/东北/西南"
            } else {
                "northerly/southerly/easterly/westerly"
            },
        ),
        "color" => pick(
            random,
            if zh {
                "红色/蓝色/黑色/白色/银灰色/墨绿色"
            } else {
                "red/blue/black/white/silver/green"
            },
        ),
        "goods" => pick(
            random,
            if zh {
                "保温杯/电饭煲/台灯/书包/雨伞/背包/耳机/键盘"
            } else {
                "kettle/lamp/blender/backpack/umbrella/keyboard/speaker/toaster"
            },
        ),
        "crop" => pick(
            random,
            if zh {
                "玉米/小麦/大豆/棉花/白糖/花生/菜籽油"
            } else {
                "wheat/corn/barley/cotton/sugar/coffee/cocoa"
            },
        ),
        "drug" => pick(
            random,
            if zh {
                "阿莫西林/布洛芬/二甲双胍/氨氯地平/头孢克肟"
            } else {
                "amoxicillin/ibuprofen/metformin/amlodipine/warfarin"
            },
        ),
        "job" => pick(
            random,
            if zh {
                "局长/副局长/主任/处长/馆长/校长"
            } else {
                "director/chairman/secretary/treasurer/headmaster/inspector"
            },
        ),
        "subject" => pick(
            random,
            if zh {
                "数学/语文/物理/化学/历史/地理"
            } else {
                "mathematics/physics/history/chemistry/geography"
            },
        ),
        "sign" => pick(random, "+/-"),
        "tool" => pick(
            random,
            "get_weather/get_time/find_route/book_table/send_mail/read_page",
        ),
        "club" => pick(
            random,
            if zh {
                "渡口队/船厂队/码头队/钢城队/茶山队"
            } else {
                "Rovers/United/Athletic/Wanderers/Albion"
            },
        ),
        "crime" => pick(
            random,
            if zh {
                "盗窃罪/诈骗罪/抢劫罪/寻衅滋事罪/故意伤害罪"
            } else {
                "theft/fraud/robbery/assault/forgery"
            },
        ),
        _ => panic!("no such place: {slot}"),
    }
}

/// Values by the name of their place.
pub(crate) type Values = BTreeMap<String, String>;

/// The places of a template.
pub(crate) fn slots(template: &str) -> Vec<String> {
    let mut slots: Vec<String> = template
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0.to_string()))
        .collect();
    slots.sort();
    slots.dedup();
    slots
}

pub(crate) fn values(random: &mut Random, language: Language, template: &str) -> Values {
    slots(template)
        .into_iter()
        .map(|slot| {
            let value = value(random, language, &slot);
            (slot, value)
        })
        .collect()
}

/// The same with some of the places filled otherwise, one at least.
pub(crate) fn other_values(
    random: &mut Random,
    language: Language,
    values: &Values,
    most: usize,
) -> Values {
    let mut others = values.clone();
    let names: Vec<&String> = values.keys().collect();
    let changes = random.within(1..most.min(names.len()) + 1);
    while *values == others || (0..changes).any(|_| random.chance(30)) {
        let slot = *random.pick(&names);
        let new = value(random, language, slot);
        others.insert(slot.clone(), new);
    }
    others
}

pub(crate) fn fill(template: &str, values: &Values) -> String {
    values
        .iter()
        .fold(template.to_string(), |text, (slot, value)| {
            text.replace(&format!("{{{slot}}}"), value)
        })
}

pub(crate) fn templates(language: Language) -> &'static [&'static str] {
    if language == Language::Chinese {
        CHINESE
    } else {
        ENGLISH
    }
}

/// Whole sentences for the text around.
pub(crate) fn sentence(random: &mut Random, language: Language) -> String {
    let sentences = if language == Language::Chinese {
        AROUND_ZH
    } else {
        AROUND_EN
    };
    let template = *random.pick(sentences);
    let values = values(random, language, template);
    let filled = fill(template, &values);
    // [a/b/c]: one of these
    let mut text = String::new();
    let mut rest = filled.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        let (choice, behind) = after.split_once(']').expect("a bracket is closed");
        let words: Vec<&str> = choice.split('/').collect();
        text.push_str(before);
        text.push_str(random.pick::<&str>(&words));
        rest = behind;
    }
    text + rest
}

const SURNAMES: &str = "王/李/张/刘/陈/杨/赵/黄/周/吴/徐/孙/胡/朱/高/林/何/郭/马/罗/梁/宋/郑/谢/韩/唐/冯/于/董/萧/程/曹/袁/邓/许/傅/沈/曾/彭/吕/欧阳/司徒/褚/阮/麦/鲁/祝/荆";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志海燕玲红梅春波斌宇浩凯俊健欣雨晨婷雪慧琳佳鑫峰朋鹏远航思诚嘉怡子轩玥昊然瑾瑜铭钧淑贞";
const FIRST_NAMES: &str = "Mary/John/Howard/Grace/Thomas/Edith/Walter/Helen/Samuel/Ruth/George/Clara/Henry/Alice/Arthur/Florence/Peter/Martha/Daniel/Irene/Noah/Esther";
const LAST_NAMES: &str = "Crane/Sills/Whitlock/Averill/Harper/Dunmore/Pettigrew/Langley/Osborne/Fairchild/Tillman/Kessler/Marlowe/Redfern/Sutcliffe/Hathaway/Bramwell/Cole/Cobb/Miller/Mills/Wells/Welles/Hart/Hurt/Brown/Browne/Lane/Land/Ford";
const FOREIGNERS: &str = "阿尔贝尼/卡斯特罗/彼得罗夫/桑托斯/马丁内斯/斯托尔特/安德森/约翰逊/科尔宾/阿兰德/奥尔松/穆罕默德/费尔南德斯/佐藤一郎";
const COUNTRIES_ZH: &str = "新西兰/蒙古国/挪威/斯洛伐克/巴西/澳大利亚/智利/秘鲁/肯尼亚/希腊/芬兰/泰国/印度/匈牙利/葡萄牙/荷兰/丹麦";
const COUNTRIES_EN: &str = "Norway/Brazil/Kenya/Greece/Finland/Thailand/India/Hungary/Portugal/Denmark/Chile/Peru/Ireland/Iceland/Iraq/Iran";
const CITIES_ZH: &str =
    "临江/清河/安平/宁海/阳山/白水/东林/西岭/河口/青石/渡口/石桥/南浦/北固/长汀/柳州";
const CITIES_EN: &str =
    "Dayton/Troy/Piqua/Sidney/Ashford/Newbury/Kelso/Dover/Harlow/Marlow/Oakham/Whitby/Selby/Kendal";

const CHINESE: &[&str] = &[
    "{city}市{street}{num}号。",
    "我要买{small}张到{city}的火车票，{month}月{day}日出发。",
    "体温{dec}度，脉搏每分钟{num}次。",
    "{person}于{month}月{day}日出院。",
    "{month}月{day}日，{club}以{score}战胜{club2}，取得联赛{ordinal}场胜利。",
    "{month}月{day}日{noon}，国务院领导人在人民大会堂举行仪式，欢迎{country}总理{foreigner}对我国进行正式访问。天安门广场鸣放礼炮十九响，军乐团奏两国国歌，{foreigner}在陪同下检阅仪仗队并观看分列式。",
    "由翻译局会同出版社翻译的《谈水利建设》{edition}版，近日由出版社出版，面向国内外发行。全书分七个专题，摘自一百余篇重要著作，系统阐述了兴修水利的目标任务和实践要求。该书{edition}版的出版发行，对于国外读者了解我国的水利建设具有重要意义。",
    "兹证明{person}同学于{year}年{month}月参加我校举办的{subject}培训班，学习期满，成绩合格，准予结业。特发此证。",
    "被告人{person}以非法占有为目的，其行为{guilty}{crime}。公诉机关指控的事实清楚，证据确实、充分。辩护人提出的从轻处罚的意见，本院{grant}采纳。判处有期徒刑{small}年，并处罚金{big}元。",
    "{city}市人民法院将于{year}年{month}月{day}日在网络司法拍卖平台上进行公开拍卖活动，现公告如下：一、拍卖标的：{street}{num}号房产一套，建筑面积{dec}平方米。二、起拍价{num2}万元，保证金为起拍价的百分之十。三、竞买人条件：凡具备完全民事行为能力的公民、法人和其他组织均可参加竞买。",
    "讣告：{city}中学退休教师{person}同志因病医治无效，于{year}年{month}月{day}日逝世，享年{num}岁。遵照本人遗愿，丧事从简，不举行告别仪式。谨此讣告。",
    "{drug}片，口服，成人每次{dose}毫克，一日{small}次，饭后服用。儿童用量请咨询医师。孕妇{must}使用本品。请放在儿童不能接触的地方，密封，在阴凉处保存。",
    "今天白天到夜间，{city}市{sky}，{wind}风二到三级，最高气温{signed}度，最低气温{signed2}度，相对湿度百分之{num}。请市民外出时注意增减衣物。",
    "{month}月{day}日，{crop}期货主力合约{trend}，收报每吨{big}元，较前一交易日变动{signed}元，成交量为{num}万手，持仓量有所增加。分析人士认为，后市仍以震荡为主。",
    "因{street}道路施工，自{month}月{day}日起至{month2}月{day2}日止，{street2}至{street}路段双向封闭，过往车辆请绕行{street2}。公交{num}路临时改道，给您出行带来不便，敬请谅解。",
    "用了{small}个月的{goods}，颜色是{color}的，总的来说我{good}，{advise}推荐给朋友。物流用了{small2}天，包装完好，客服的态度也还可以。",
    "王某会见{religion}协会{ordinal}届代表会议全体代表，代表党中央表示祝贺。他指出，五年来，{religion}协会团结带领广大信教群众，坚持我国宗教中国化方向，各项工作取得新的成绩。",
    "全国人民代表大会常务委员会{ordinal}次委员长会议{day}日{noon}在北京人民大会堂举行。会议决定，常委会{ordinal2}次会议于{month}月{day2}日在北京举行。会议建议，常委会审议有关法律草案的议案。",
    "任命{person}为{city}市教育局{job}；免去{person2}的{city}市教育局{job}职务。以上任免自{year}年{month}月{day}日起生效。",
    "已知一次函数y={small}x{sign}{num}，求它与坐标轴的交点。解：令y=0，得到方程{small}x{sign}{num}=0，移项后求出x的值；再令x=0，得到y={sign}{num}。所以函数图象经过这两点，它们与原点围成一个三角形。",
    "尊敬的{surname}女士：您尾号{big}的账户于{month}月{day}日支出人民币{dec}元，余额{big2}元。如有疑问，请致电客服热线。",
    "股东大会审议通过了《关于{year}年度利润分配的议案》，表决结果：{agree}。每十股派发现金红利{dec}元（含税），股权登记日为{month}月{day}日。",
    "今年前{small}个月，全市规模以上工业增加值同比增长{dec}%，其中采矿业增长{dec2}%，制造业下降{dec3}%。固定资产投资同比{trend}{dec4}个百分点。",
    "寻物启事：本人于{month}月{day}日{noon}在{city}汽车站遗失{color}{goods}一个，内有身份证、银行卡等物品，有拾到者请与{person}联系，必有重谢。",
    "晋升上将军衔仪式{month}月{day}日在北京举行。晋升上将军衔的是{person}、{person2}。命令状颁发之后，晋升军衔的军官佩戴新的肩章，向在场的同志敬礼，全场响起热烈的掌声。仪式在军歌声中结束。",
];

const ENGLISH: &[&str] = &[
    "{person} was sentenced to {small} months' hard labour.",
    "Two tickets to {city} for {weekday}, please.",
    "The train to {city} leaves at {score}{small} from platform {small2}.",
    "His temperature was {dec} degrees on {weekday} {noon}.",
    "{city} {club} beat {city2} {club2} {score} on {weekday}.",
    "It is with great sadness that the family announces the passing of {person} of {city}, on {month} {day}, at the age of {num}. Funeral services will be held at the Methodist Church on {weekday} at eleven in the {noon}, with visitation one hour before the service. In lieu of flowers, the family asks that donations be made to the local hospice. The family wishes to thank the doctors and nurses for the kindness and care they have shown.",
    "This is to certify that {person} has completed the course in {subject} held at {city} in {month} {year}, and has passed the final examination with credit. Given under the seal of the institute.",
    "The jury found the defendant {guilty} of {crime}. The motion for a new trial is hereby {grant}. Counsel for the defence, {person}, argued that the evidence was obtained without a warrant. The court fixed a fine of {big} dollars, to be paid within {num} days.",
    "Take {dose} mg of {drug} by mouth {small} times a day after meals. Patients with kidney disease {must} take this medicine. Keep out of the reach of children. Store below {num} degrees in a dry place.",
    "Lot {num}. A {color} {goods}, the property of {person} of {city}, in good condition, with the original box. Estimate {price}. The lot will be offered on {month} {day} at the {noon} sale. Bidders are asked to register with the {job} beforehand.",
    "Today will be {sky} with {wind} winds and a high of {signed} degrees. Tonight the low will be {signed2}. There is a {num} percent chance of showers before {noon}. The outlook for {weekday} is {sky2}.",
    "{crop} futures {trend} on {weekday}, closing at {price} a bushel, up or down {dec} percent on the day. Traders said that the market was waiting for the report of the department, which is due on {month} {day}. Volume was {big} contracts.",
    "{street} will be closed to all traffic between {street2} and the river from {month} {day} to {month2} {day2} while the water main is renewed. Buses on route {num} will be diverted. The council apologises for any inconvenience.",
    "I bought this {color} {goods} {small} months ago and I am {good}. It arrived in {small2} days and was well packed. The handle feels solid and it is easy to clean. I {advise} it to a friend.",
    "Product VB-{num}. This stainless steel {goods} keeps its heat for {small} hours. The wide mouth makes it easy to fill and clean. Color: {color}. Capacity: {num2} ml. Price: {price}. Free shipping on orders over {price2}. Returns are accepted within {small2}0 days of delivery if the item is unused and in its original packaging.",
    "{{\"tools\": [\"get_weather\", \"get_time\", \"find_route\"], \"query\": \"Please help me with my trip to {city} on {weekday}\", \"call\": {{\"name\": \"{tool}\", \"arguments\": {{\"location\": \"{city}\", \"day\": {day}}}}}}}",
    "Solve the equation {small}x {sign} {num} = 0 for x. Solution: we move the constant to the other side and divide both sides by the coefficient. We get x = {signed} after rounding. Check: put the value into the left side of the equation and compare.",
    "The Prime Minister received the ambassador of {country} on {weekday} {noon}. The two sides spoke about trade and fisheries, and the ambassador presented a letter from his government. A state visit is planned for {month} {year}.",
    "The {edition} edition of the collected letters was published in {city} in {year}. It contains {num} letters in {small} volumes, with an index of names. The {edition} edition follows the text of the manuscripts in the library.",
    "The annual meeting of the society was held on {month} {day}, {year}. {person} was elected {job}, and {person2} was thanked for long service. The report of the auditors was read and adopted. The {nth} volume of the proceedings will appear before the end of the year.",
    "The board {agree} to the proposal of {person} that the dues be raised to {price} a year. The vote was {num} for and {small} against. The meeting closed at nine.",
    "Dear Mr {surname}, your account ending in {big} was charged {price} on {month} {day}. If you do not recognise this payment, please call us at once.",
    "FOUND on {weekday} {noon} near {street}, a {color} {goods}. The owner may have it by describing it to {person} at the office of the {job}.",
];

const AROUND_ZH: &[&str] = &[
    "江边的[老船厂/码头/渡口]最近[迎来了/送走了]一批[特殊/年轻/远道而来]的客人。",
    "[当地/附近]的[居民/村民/商户]说，[过去/以前]这里[没有路/不通车/常常停电]，[如今/现在][方便/好]多了。",
    "记者在现场看到，[几十名/上百名][工人/志愿者/学生]正在[忙碌/排队/整理材料]。",
    "[负责人/工作人员]介绍，这项工作[已经/正在]按照计划[推进/进行]，预计[年底/明年春天/下个月][完成/结束]。",
    "[图书馆/博物馆/文化馆]的[大厅/走廊/院子]里[摆满了/展出了][旧照片/老地图/手工艺品]，吸引了不少[市民/游客]驻足观看。",
    "有关部门提醒[市民/游客]，出行前[请/务必]留意[天气/交通]变化，合理安排时间。",
    "[会议/活动]期间，大家围绕[教育/农业/交通/水利]问题进行了[深入/热烈/坦诚]的讨论，提出了许多[意见/建议]。",
    "[山里/河边/城南]的[茶园/果园/麦田]今年[丰收/减产]，[收购价/产量]比[去年/往年][高/低]了一些。",
    "专家认为，[保护/开发]这里的[森林/湿地/古建筑]，需要[政府/社会]和[企业/居民]共同努力。",
    "随着[天气/季节]的变化，[海鲜/蔬菜/水果]的[价格/供应]也有所[波动/调整]。",
    "[孩子们/老人们]围坐在[院子里/树下/火炉边]，听他讲[从前/海上/战争年代]的故事。",
    "[清晨/傍晚]的[街道/集市]上，[卖菜的/卖鱼的/修鞋的]吆喝声此起彼伏。",
    "这座[桥/塔/楼]建于[明代/清代/上个世纪]，[几经/多次]修缮，至今保存[完好/完整]。",
    "[为了/为][提高/改善][服务/教学]质量，[单位/学校]每年都要组织一次[培训/检查/评比]。",
    "[雨/雪]下了[一整夜/三天三夜]，[山路/河堤]有几处[塌方/积水]，[抢修/清理]工作连夜展开。",
    "他[点了点头/笑了笑/沉默了一会儿]，说这件事[不着急/还要再商量/他会放在心上]。",
];

const AROUND_EN: &[&str] = &[
    "The old [shipyard/harbour/ferry] by the river has [welcomed/lost] a number of [visitors/workers/families] this season.",
    "People who live [nearby/in the village] say that the [road/bridge/water] was [poor/dangerous/scarce] in former years and is [better/safer] now.",
    "The [manager/secretary/engineer] explained that the work is [going forward/almost done] and that it should be finished [before winter/next spring/by the end of the year].",
    "In the hall of the [library/museum/school] there were [old photographs/maps/models of ships] which drew many [people/children] on the first day.",
    "The public is [reminded/asked] to watch the [weather/traffic] before setting out and to allow enough time.",
    "During the [meeting/conference] the members spoke about [schools/farming/roads/drainage] and made a number of [proposals/remarks].",
    "The [orchards/vineyards/fields] on the [hills/southern slope] did [well/badly] this year, and prices were [higher/lower] than before.",
    "To protect the [forest/marsh/old town], both the [council/owners] and the [residents/companies] will have to do their part.",
    "The [children/old men] sat [under the tree/by the fire/in the yard] and listened to stories of the [sea/war/mountains].",
    "In the early [hours/morning] the [market/street] is full of the cries of those who sell [fish/bread/flowers].",
    "The [tower/bridge/chapel] was built in the last century and has been [repaired/painted] several times since.",
    "Heavy [rain/snow] fell through the night, and [parts of the path/the lower fields] were under water by dawn.",
    "He [nodded/smiled/was silent for a while] and said that the matter [could wait/would be looked into].",
    "A second [lecture/concert/class] will be given for those who could not find a seat at the first.",
];
