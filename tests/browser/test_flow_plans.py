"""Plans in the browser: asked, put right by hand, compared, adopted, answered by the unit, withdrawn."""

from browser.conftest import SignIn
from browser.hands import WAYS, Hands, hands
from haicap.matters.models import MatterRow
from haicap.means.plans.models import PlanRow, Trial
from haicap.units.rights import tell_database
from pages import in_days, person


def counted(its: Hands) -> None:
    """The answer stands on the page, however long it took."""
    if "/jobs/" in its.page.url:
        its.follow("Xem kết quả")
    its.page.wait_for_url("**/plans/trial/*/")


@WAYS
def test_a_plan_is_tried_put_right_and_adopted(sign_in: SignIn, lang: str, narrow: bool) -> None:
    head = hands(sign_in, "logistics_head", lang, narrow)
    head.open("/means/plans/")
    head.follow("Đặt điểm tiếp nhận chung")
    head.fill(points="6")
    head.press("Tính phương án")
    counted(head)
    head.sees(head.read("Đã chứng minh là tốt nhất theo các giả định dưới đây."))
    boxes = head.page.locator("main input[name=forbidden]")
    assert boxes.count() == 6
    key = boxes.first.get_attribute("value")
    boxes.first.check()
    head.page.locator("main input[name=kept]").nth(1).check()
    head.press("Tính lại quanh các sửa tay này")
    counted(head)
    head.sees(head.read("Đã loại bằng tay"))
    assert head.page.locator(f"main table input[value='{key}']").count() == 0
    head.page.locator("aside a[href*='compare']").first.click()
    head.page.wait_for_url("**/plans/compare/**")
    head.sees("A", "B", head.read("Từng nội dung"))
    head.page.go_back()
    head.follow("Phê duyệt")
    head.press("Phê duyệt và giao việc")
    assert head.page.locator("main .errors, main .error-summary, main [role=alert]").count() > 0
    head.fill(paper="12/KH-PH10", due=f"{in_days(90)}")
    head.press("Phê duyệt và giao việc")
    head.page.wait_for_url("**/plans/id/*/")
    head.sees("12/KH-PH10", head.read("Đang thực hiện"))
    tell_database(person("director"))
    plan, trial = PlanRow.objects.get(), Trial.objects.get(before__isnull=False)
    tasks = MatterRow.objects.filter(procedure="plan-task")
    assert plan.items == tasks.count() == 6
    assert len(trial.kept) == len(trial.forbidden) == 1
    head.open(f"/means/plans/id/{plan.pk}/")
    head.fill(reason="Thay đổi địa bàn")
    head.press("Rút, kèm các việc chưa bắt đầu")
    head.sees("Thay đổi địa bàn")
    assert set(tasks.values_list("status", flat=True)) == {"withdrawn"}
