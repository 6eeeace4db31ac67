"""A file is reviewed while its case is open: today's points, what would still mend it, and a reviewer's result."""

import re

import case_of


def walk(stage):
    custodian = stage.person("jiang")
    case = case_of.title(stage.desk("zhou"), "铁画五金经营部统计执法检查")
    custodian.go(f"{case}/score")
    points = int(re.search(r"(\d+) 分", custodian.main.inner_text())[1])
    assert 0 <= points <= 100, points
    # The file is not filed yet: that is told, and costs nothing today.
    custodian.says("待办，办了就不扣", "照现在的样子归档")
    asis = int(re.search(r"照现在的样子归档\s*(\d+) 分", custodian.main.inner_text())[1])
    assert asis < points, f"{asis} as it is, {points} today"
    custodian.fill({"score": str(points), "defects": "案卷还没有归档，其余完整。"})
    custodian.shot("score")
    custodian.press("登记评查结果")
    custodian.go(f"{case}/score")
    custodian.says("案卷还没有归档，其余完整。", "江书遥")
    custodian.shot("score-reviewed")
