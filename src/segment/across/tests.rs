//! Lines laid out in columns, read across.

use crate::page::Page;

/// Two paragraphs in three columns, read across: gutters as spaces, as marks, and not at all.
const PAGE: &str = "\
三年以前熄掉的北岸老灯塔昨天傍 ”擦干净了镜片，又爬上梯子给齿轮       守塔人的孙女说，爷爷常常讲起那
晚又亮了，附近的渔民把船停在防    上了油。村里的孩子们跟在后面数 ”个起雾的夜晚，三条船凭着灯光才
波堤的外面，一起拉响了汽笛。灯   台阶，数到一百四十七级的时候，  “ 找到港口。如今的船都有雷达，可
塔的新主人是一位退休的船长，他 ” 才看见海面上最后一点太阳落下去    是老人们还是愿意看见那一点光。
花了整整两个冬天修理灯室，亲手    了。当天夜里没有人回家睡觉。       灯塔从今天起每晚亮到天明。
";

fn paragraphs(text: &str) -> Vec<String> {
    let mut page = Page::new("p", text);
    crate::segment::segment(&mut page);
    let piece = |at: &usize| &page.text()[page.blocks[*at].span.clone()];
    let regions = page.regions.iter().flat_map(|region| &region.paragraphs);
    regions
        .map(|blocks| blocks.iter().map(piece).collect())
        .collect()
}

#[test]
fn columns_are_read_one_after_the_other() {
    let found = paragraphs(PAGE);
    assert!(
        found[0].starts_with("三年以前熄掉的北岸老灯塔昨天傍晚又亮了，附近的渔民"),
        "{found:?}"
    );
    assert!(
        found
            .concat()
            .contains("亲手擦干净了镜片，又爬上梯子给齿轮上了油。"),
        "{found:?}"
    );
    assert!(
        found.concat().ends_with(
            "如今的船都有雷达，可是老人们还是愿意看见那一点光。灯塔从今天起每晚亮到天明。"
        ),
        "{found:?}"
    );
}

#[test]
fn verse_in_halves_names_and_prose_stay() {
    for text in [
        "长堤柳色映江楼  一夜东风送客舟\n欲问归期何处是  海门潮落月如钩\n".repeat(5),
        "张望潮  李守灯  王大海  赵小渡  钱江月  孙远帆  周北岸\n".repeat(8),
        "三年以前熄掉的北岸老灯塔昨天傍晚又亮了，附近的渔民把船停在防波堤的外面，一起拉响了汽笛。\n".repeat(8),
        "首班 六点半 北岸码头开出 票价两角五分 逢大雾停航 次日照常 请旅客互相转告\n".repeat(8),
    ] {
        assert!(paragraphs(&text).is_empty(), "{:?}", paragraphs(&text));
    }
}
