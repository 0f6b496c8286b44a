"""Made-up names in Chinese with an English form beside each."""

from __future__ import annotations

import numpy as np

DISTRICT = "示例区 · 三江 (synthetic)"

RIVERS = {
    "西江": "West River", "东江": "East River", "三江": "Sanjiang River", "桃溪": "Peach Creek",
}  # fmt: skip

ROAD_FIRST = [
    ("明德", "Mingde"), ("长青", "Changqing"), ("双溪", "Shuangxi"), ("云岭", "Yunling"),
    ("桂花", "Guihua"), ("青石", "Qingshi"), ("望江", "Wangjiang"), ("竹影", "Zhuying"),
    ("书院", "Shuyuan"), ("石榴", "Shiliu"), ("永丰", "Yongfeng"), ("新安", "Xin'an"),
    ("安居", "Anju"), ("和顺", "Heshun"), ("丹霞", "Danxia"), ("百花", "Baihua"),
    ("橙香", "Chengxiang"), ("樟树", "Zhangshu"), ("兴业", "Xingye"), ("振兴", "Zhenxing"),
    ("东阳", "Dongyang"), ("宝塔", "Baota"), ("文昌", "Wenchang"), ("清水", "Qingshui"),
    ("渔湾", "Yuwan"), ("茶亭", "Chating"), ("春晓", "Chunxiao"), ("翠湖", "Cuihu"),
    ("凤鸣", "Fengming"), ("广福", "Guangfu"), ("河套", "Hetao"), ("虎岗", "Hugang"),
    ("金星", "Jinxing"), ("锦绣", "Jinxiu"), ("康宁", "Kangning"), ("莲塘", "Liantang"),
    ("梅林", "Meilin"), ("南山", "Nanshan"), ("平安", "Ping'an"), ("泉水", "Quanshui"),
]  # fmt: skip
ROAD_LAST = {
    "tertiary": ("路", "Road"),
    "residential": ("街", "Street"),
    "living_street": ("巷", "Lane"),
    "unclassified": ("村道", "Village Road"),
}
ORDINALS = [
    ("", ""), ("东", "East "), ("西", "West "), ("南", "South "), ("北", "North "),
    ("一", "First "),
    ("二", "Second "), ("三", "Third "), ("四", "Fourth "), ("五", "Fifth "), ("六", "Sixth "),
]  # fmt: skip
SUBDISTRICTS = [
    ("江口街道", "Jiangkou Subdistrict"),
    ("文昌街道", "Wenchang Subdistrict"),
    ("站前街道", "Zhanqian Subdistrict"),
    ("西岸街道", "Xi'an Riverside Subdistrict"),
    ("东洲街道", "Dongzhou Subdistrict"),
]
COMMUNITIES = [
    [("古浮桥", "Old Pontoon"), ("白鹭巷", "Egret Lane"), ("钟楼", "Bell Tower"),
     ("书院前", "Academy Front"), ("米市街", "Rice Market"), ("南门口", "South Gate"),
     ("涌金门", "Yongjin Gate"), ("八角井", "Octagon Well"), ("灶儿弄", "Zao'er Alley"),
     ("花园塘", "Garden Pond")],
    [("文昌阁", "Wenchang Pavilion"), ("百花园", "Baihuayuan"), ("明德里", "Mingdeli"),
     ("金星", "Jinxing"), ("青石桥", "Bluestone Bridge"), ("和顺里", "Heshunli"),
     ("安居", "Anju"), ("石榴园", "Pomegranate Garden"), ("莲塘", "Lotus Pond"),
     ("永丰", "Yongfeng"), ("东阳", "Dongyang")],
    [("站北", "Station North"), ("铁路新村", "Railway New Village"),
     ("纺织新村", "Textile New Village"), ("樟树下", "Camphor Tree"), ("虎岗", "Hugang"),
     ("机床厂", "Machine Tool Works"), ("南坪", "Nanping"), ("水泵厂", "Pump Works"),
     ("振兴", "Zhenxing")],
    [("桃溪口", "Taoxi Mouth"), ("茶亭", "Tea Pavilion"), ("梅林", "Meilin"),
     ("云岭脚", "Yunling Foot"), ("双溪", "Shuangxi"), ("西桥头", "West Bridgehead"),
     ("杨梅坑", "Yangmei Hollow"), ("望江楼", "River View Tower")],
    [("东洲头", "Dongzhou Head"), ("渔湾", "Fisher Bay"), ("锦绣苑", "Jinxiuyuan"),
     ("翠湖", "Cuihu"), ("凤鸣", "Fengming"), ("春晓", "Chunxiao"), ("滨江", "Riverside"),
     ("康宁", "Kangning"), ("橙香", "Orange Grove"), ("广福", "Guangfu")],
]  # fmt: skip
ESTATE_FIRST = [
    ("锦绣", "Jinxiu"), ("阳光", "Sunshine"), ("滨江", "Riverside"), ("金色", "Golden"),
    ("翠湖", "Cuihu"), ("碧水", "Bishui"), ("名门", "Mingmen"), ("世纪", "Century"),
    ("丽景", "Lijing"), ("香樟", "Camphor"), ("御景", "Yujing"), ("万和", "Wanhe"),
]  # fmt: skip
ESTATE_LAST = [
    ("花园", "Garden"),
    ("小区", "Estate"),
    ("苑", "Court"),
    ("家园", "Home"),
    ("公馆", "Mansion"),
]
UNITS = [
    ("纺织厂", "Textile Mill"), ("机床厂", "Machine Tool Works"), ("铁路机务段", "Railway Depot"),
    ("水泵厂", "Pump Works"), ("粮油公司", "Grain and Oil Company"), ("齿轮厂", "Gear Works"),
    ("印刷厂", "Printing House"), ("酒厂", "Distillery"), ("电机厂", "Motor Works"),
    ("汽运公司", "Motor Transport Company"), ("制药厂", "Pharmaceutical Works"),
    ("木材厂", "Timber Works"),
]  # fmt: skip


class NamePool:
    """Gives each road, estate and unit a name that no other one has."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._order = list(rng.permutation(len(ROAD_FIRST)))
        self._roads = 0
        self._estates = list(rng.permutation(len(ESTATE_FIRST) * len(ESTATE_LAST)))
        self._units = 0

    def road(self, highway: str) -> tuple[str, str]:
        """Return a name for a road of this class, empty for a path."""
        if highway not in ROAD_LAST:
            return "", ""
        number, self._roads = self._roads, self._roads + 1
        first, first_en = ROAD_FIRST[self._order[number % len(ROAD_FIRST)]]
        ordinal, ordinal_en = ORDINALS[(number // len(ROAD_FIRST)) % len(ORDINALS)]
        last, last_en = ROAD_LAST[highway]
        return f"{first}{ordinal}{last}", f"{first_en} {ordinal_en}{last_en}"

    def estate(self) -> tuple[str, str]:
        """Return a name for a walled estate."""
        number = self._estates.pop() if self._estates else 0
        first, last = divmod(int(number), len(ESTATE_LAST))
        return (
            ESTATE_FIRST[first][0] + ESTATE_LAST[last][0],
            f"{ESTATE_FIRST[first][1]} {ESTATE_LAST[last][1]}",
        )

    def unit(self) -> tuple[str, str]:
        """Return a name for a work unit."""
        number, self._units = self._units, self._units + 1
        zh, en = UNITS[number % len(UNITS)]
        if number < len(UNITS):
            return zh, en
        return (
            f"第{'二三四五六'[number // len(UNITS) - 1]}{zh}",
            f"No. {number // len(UNITS) + 1} {en}",
        )


FACILITY = {
    "service_centre": ("党群服务中心", "Service Centre"),
    "service_station": ("社区服务站", "Service Station"),
    "labour_office": ("劳动保障站", "Labour Office"),
    "police_station": ("派出所", "Police Station"),
    "police_room": ("警务室", "Police Room"),
    "health_centre": ("社区卫生服务中心", "Health Centre"),
    "clinic": ("社区卫生服务站", "Clinic"),
    "library": ("图书室", "Reading Room"),
    "cultural_centre": ("文化活动中心", "Cultural Centre"),
    "cultural_station": ("文化活动站", "Cultural Station"),
    "elderly_care": ("老年人日间照料中心", "Day Care for the Elderly"),
    "sports": ("健身活动场", "Sports Ground"),
    "canteen": ("社区食堂", "Canteen"),
    "bathhouse": ("公共浴室", "Bathhouse"),
    "convenience_outlet": ("便民店", "Convenience Outlet"),
    "volunteer_point": ("志愿服务点", "Volunteer Point"),
}
