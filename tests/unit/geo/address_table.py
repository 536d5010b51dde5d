"""Addresses as they are written in Hà Đông, and how each has to be read. Houses are made up."""

from __future__ import annotations

import unicodedata

#: Wards of Hà Đông of all times and today's neighbours.
WARDS = (
    "Phường Nguyễn Trãi", "Phường Mộ Lao", "Phường Văn Quán", "Phường Vạn Phúc", "Phường Yết Kiêu",
    "Phường Quang Trung", "Phường La Khê", "Phường Phú La", "Phường Phúc La", "Phường Hà Cầu",
    "Phường Yên Nghĩa", "Phường Kiến Hưng", "Phường Phú Lãm", "Phường Phú Lương", "Phường Dương Nội",
    "Phường Đồng Mai", "Phường Biên Giang", "Phường Hà Đông", "Phường Chương Mỹ", "Phường Đại Mỗ",
    "Phường Tây Mỗ", "Phường Thanh Liệt", "Xã An Khánh", "Xã Bình Minh", "Xã Đại Thanh",
)  # fmt: skip

Expected = dict[str, str]


def _row(text: str, **parts: str) -> tuple[str, Expected]:
    return text, parts


HOUSES_AND_STREETS = [
    _row("Số 12 Quang Trung", house="12", street="Quang Trung"),
    _row("12 Quang Trung", house="12", street="Quang Trung"),
    _row("12 đường Quang Trung", house="12", street="Quang Trung"),
    _row("số nhà 12 phố Lê Lợi", house="12", street="Lê Lợi"),
    _row("SN 12 Lê Lợi", house="12", street="Lê Lợi"),
    _row("S.N 12 Lê Lợi", house="12", street="Lê Lợi"),
    _row("nhà số 12 Lê Lợi", house="12", street="Lê Lợi"),
    _row("Nhà 12 phố Lê Lợi", house="12", street="Lê Lợi"),
    _row("Số: 12, phố Lê Lợi", house="12", street="Lê Lợi"),
    _row("Số 12A Trần Phú", house="12A", street="Trần Phú"),
    _row("Số 12 A Trần Phú", house="12A", street="Trần Phú"),
    _row("12bis Trần Phú", house="12bis", street="Trần Phú"),
    _row("Số 12A3 phố Xốm", house="12A3", street="Xốm"),
    _row("Số 170 - 172 Vạn Phúc", house="170-172", street="Vạn Phúc"),
    _row("350-352 Quang Trung", house="350-352", street="Quang Trung"),
    _row("352 Đ. Quang Trung", house="352", street="Quang Trung"),
    _row("352 Đ.Quang Trung", house="352", street="Quang Trung"),
    _row("352 Đ Quang Trung", house="352", street="Quang Trung"),
    _row("Số 7 đại lộ Thăng Long", house="7", street="Thăng Long"),
    _row("Số 8 đường 72", house="8", street="72"),
    _row("48 đường 70 mới", house="48", street="70 mới"),
    _row("379 Đ. 19 tháng 5", house="379", street="19 tháng 5"),
    _row("379 đường 19/5", house="379", street="19/5"),
    _row("12 Đường số 5, KĐT Văn Phú", house="12", street="5", area="Văn Phú"),
    _row("Phố Tô Hiệu", street="Tô Hiệu"),
    _row("Số 5 Tô Hiệu", house="5", street="Tô Hiệu"),
    _row("Số 5 Ngô Quyền", house="5", street="Ngô Quyền"),
    _row("Số 9 đường Dương Nội", house="9", street="Dương Nội"),
    _row("Km 12 Quốc lộ 6, Yên Nghĩa", house="Km 12", street="Quốc lộ 6", ward="Yên Nghĩa"),
    _row("Km12 QL6", house="Km 12", street="Quốc lộ 6"),
    _row("Km 10+500 Nguyễn Trãi", house="Km 10+500", street="Nguyễn Trãi"),
    _row("QL21B, Phú Lãm", street="Quốc lộ 21B", ward="Phú Lãm"),
    _row("Tỉnh lộ 70, Dương Nội", street="Đường tỉnh 70", ward="Dương Nội"),
]

ALLEYS = [
    _row("số 12 ngõ 34/5 Quang Trung", house="12", alley="34", lane="5", street="Quang Trung"),
    _row("Số 12 ngõ 34 đường Quang Trung", house="12", alley="34", street="Quang Trung"),
    _row("số 12, ngõ 34, Quang Trung", house="12", alley="34", street="Quang Trung"),
    _row("12/34 Quang Trung", house="12", alley="34", street="Quang Trung"),
    _row("Số 7/12/34 Vạn Phúc", house="7", alley="34", lane="12", street="Vạn Phúc"),
    _row("Số 12/3 ngõ 34 Vạn Phúc", house="12", alley="34", lane="3", street="Vạn Phúc"),
    _row("Số nhà 5 ngách 12/3 ngõ 34 phố Lê Lợi", house="5", alley="34", lane="12/3", street="Lê Lợi"),
    _row("Số 5 ngách 12 ngõ 34 Lê Lợi", house="5", alley="34", lane="12", street="Lê Lợi"),
    _row("Số 5 ngách 34/12 Lê Lợi", house="5", alley="34", lane="12", street="Lê Lợi"),
    _row("Số 5 ngách 34/12 ngõ 34 Lê Lợi", house="5", alley="34", lane="12", street="Lê Lợi"),
    _row("SN 83, ngách 9/6 Đường Quang Trung", house="83", alley="9", lane="6", street="Quang Trung"),
    _row("Số 3 hẻm 5 ngách 12 ngõ 34 Vạn Phúc", house="3", alley="34", lane="12/5", street="Vạn Phúc"),
    _row("Số 3 hẻm 34/12/5 Vạn Phúc", house="3", alley="34", lane="12/5", street="Vạn Phúc"),
    _row("Số 3 hẻm 12 Vạn Phúc", house="3", alley="12", street="Vạn Phúc"),
    _row("ngõ 534 Lê Trọng Tấn", alley="534", street="Lê Trọng Tấn"),
    _row("Ngõ số 5 phố Hà Trì", alley="5", street="Hà Trì"),
    _row("Số 48 ngõ 75 70 mới", house="48", alley="75", street="70 mới"),
    _row("Ngõ Chùa Phổ Quang, Dương Nội", alley="Chùa Phổ Quang", ward="Dương Nội"),
    _row("Số12 ngõ34 Quang Trung", house="12", alley="34", street="Quang Trung"),
]

GROUPS_AND_VILLAGES = [
    _row("tổ dân phố 5, phường Hà Cầu", group="5", ward="Hà Cầu"),
    _row("Tổ dân phố số 5 phường Phú La", group="5", ward="Phú La"),
    _row("TDP 5, P. Hà Cầu", group="5", ward="Hà Cầu"),
    _row("TDP số 5 Phú La", group="5", ward="Phú La"),
    _row("tổ 5 Yên Nghĩa", group="5", ward="Yên Nghĩa"),
    _row("Tổ 7, Phú Lãm, Hà Đông", group="7", ward="Phú Lãm", district="Hà Đông"),
    _row("90 Tổ 7 Phú Lãm", house="90", group="7", ward="Phú Lãm"),
    _row("Số 12, tổ 5, Hà Cầu, Hà Đông", house="12", group="5", ward="Hà Cầu", district="Hà Đông"),
    _row("Số 12 tổ 5 đường Tô Hiệu, Hà Cầu", house="12", group="5", street="Tô Hiệu", ward="Hà Cầu"),
    _row("TDP Đoàn Kết, Phú Lương", group="Đoàn Kết", ward="Phú Lương"),
    _row("thôn Do Lộ, Yên Nghĩa, Hà Đông", group="thôn Do Lộ", ward="Yên Nghĩa", district="Hà Đông"),
    _row("xóm Chùa, phường Đồng Mai", group="xóm Chùa", ward="Đồng Mai"),
    _row("xóm 4 thôn Thượng Mạo, P. Phú Lương", group="xóm 4, thôn Thượng Mạo", ward="Phú Lương"),
    _row("làng Mậu Lương, Kiến Hưng", group="làng Mậu Lương", ward="Kiến Hưng"),
    _row("thôn Do Lộ Yên Nghĩa Hà Đông", group="thôn Do Lộ", ward="Yên Nghĩa", district="Hà Đông"),
]

HOUSING_AREAS = [
    _row("khu đô thị Văn Khê lô A12", area="Văn Khê", lot="A12"),
    _row("Lô A12 KĐT Văn Khê, P. La Khê", area="Văn Khê", lot="A12", ward="La Khê"),
    _row("KĐT mới Dương Nội, phường Dương Nội", area="Dương Nội", ward="Dương Nội"),
    _row("LK 5-12 KĐT Văn Phú, Phú La, Hà Đông", area="Văn Phú", lot="LK 5-12", ward="Phú La",
         district="Hà Đông"),
    _row("LK5-12 KĐT Văn Phú", area="Văn Phú", lot="LK5-12"),
    _row("liền kề 5 KĐT Xa La, Phúc La", area="Xa La", lot="liền kề 5", ward="Phúc La"),
    _row("BT 04 KĐT Văn Quán", area="Văn Quán", lot="BT 04"),
    _row("chung cư CT1 Xa La, Phúc La", area="Xa La", lot="CT1", ward="Phúc La"),
    _row("toà CT2A KĐT Xa La", area="Xa La", lot="CT2A"),
    _row("tòa CT2A khu đô thị Xa La", area="Xa La", lot="CT2A"),
    _row("Nhà CT2B - Khu đô thị Xa La", area="Xa La", lot="CT2B"),
    _row("chung cư New Skyline, KĐT Văn Quán", area="Văn Quán", lot="New Skyline"),
    _row("Kiot 19-20 CT7B KĐT Văn Quán", area="Văn Quán", lot="Kiot 19-20, CT7B"),
    _row("Số 22 DG8 KĐT Kiến Hưng", house="22", area="Kiến Hưng", lot="DG8"),
    _row("B20 Nguyễn Khuyến", lot="B20", street="Nguyễn Khuyến"),
    _row("P.1203 chung cư CT1, KĐT Xa La", area="Xa La", lot="CT1", rest="P.1203"),
    _row("Tầng 3 toà CT1 KĐT Xa La", area="Xa La", lot="CT1", rest="Tầng 3"),
    _row("khu tập thể Xây lắp, phường Văn Quán", area="khu tập thể Xây lắp", ward="Văn Quán"),
    _row("Khu công nghiệp Yên Nghĩa, Hà Đông", area="khu công nghiệp Yên Nghĩa",
         ward="Hà Đông"),
    _row("KDT Thanh Ha lo B2.1, Phu Luong", area="Thanh Ha", lot="B2.1", ward="Phú Lương"),
]  # fmt: skip

P_AND_Q = [
    _row("12 Quang Trung, P. Hà Cầu", house="12", street="Quang Trung", ward="Hà Cầu"),
    _row("12 Quang Trung P. Hà Cầu Q. Hà Đông", house="12", street="Quang Trung", ward="Hà Cầu",
         district="Hà Đông"),
    _row("12 Quang Trung, P.Hà Cầu, Q.Hà Đông, TP.Hà Nội", house="12", street="Quang Trung", ward="Hà Cầu",
         district="Hà Đông", city="Hà Nội"),
    _row("Số 324 P. Ba La, Kiến Hưng", house="324", street="Ba La", ward="Kiến Hưng"),
    _row("332 P. Nguyễn Văn Luyện", house="332", street="Nguyễn Văn Luyện"),
    _row("12 P. Hà Cầu, P. Hà Cầu", house="12", street="Hà Cầu", ward="Hà Cầu"),
    _row("Số 12, P. Lê Lợi, P. Nguyễn Trãi", house="12", street="Lê Lợi", ward="Nguyễn Trãi"),
    _row("Số 12, P. Lê Lợi, Hà Đông", house="12", street="Lê Lợi", ward="Hà Đông"),
    _row("12 ngõ 5 P. Bà Triệu, P. Nguyễn Trãi", house="12", alley="5", street="Bà Triệu", ward="Nguyễn Trãi"),
    _row("Tổ 5 P. Hà Cầu", group="5", ward="Hà Cầu"),
    _row("phường 5", ward="5"),
    _row("12 Lê Lợi, P.5, Q.1", house="12", street="Lê Lợi", ward="5", district="1"),
    _row("12 Lê Lợi, P5, Q1, TP HCM", house="12", street="Lê Lợi", ward="5", district="1", city="Hồ Chí Minh"),
    _row("P Hà Cầu, Q Hà Đông", ward="Hà Cầu", district="Hà Đông"),
]  # fmt: skip

UNITS = [
    _row("Số 15 Trần Phú, phường Hà Đông, Hà Nội", house="15", street="Trần Phú", ward="Hà Đông",
         city="Hà Nội"),
    _row("Số 15 Trần Phú, Hà Đông, Hà Nội", house="15", street="Trần Phú", ward="Hà Đông", city="Hà Nội"),
    _row("Số 15 Trần Phú, quận Hà Đông, Hà Nội", house="15", street="Trần Phú", district="Hà Đông",
         city="Hà Nội"),
    _row("Số 41 ngõ 28 Chu Văn An, Hà Đông, Hà Đông", house="41", alley="28", street="Chu Văn An",
         ward="Hà Đông",
         district="Hà Đông"),
    _row("Số 5 Vạn Phúc, Vạn Phúc, Hà Đông", house="5", street="Vạn Phúc", ward="Vạn Phúc", district="Hà Đông"),
    _row("Quang Trung, Hà Đông", ward="Quang Trung", district="Hà Đông"),
    _row("Số 3 Quang Trung, Quang Trung, Hà Đông, HN", house="3", street="Quang Trung", ward="Quang Trung",
         district="Hà Đông", city="Hà Nội"),
    _row("phường Văn Quán, quận Hà Đông", ward="Văn Quán", district="Hà Đông"),
    _row("Phúc La, Hà Đông, Hà Nội, Việt Nam", ward="Phúc La", district="Hà Đông", city="Hà Nội"),
    _row("xã Đại Thanh, huyện Thanh Trì, Hà Nội", ward="Đại Thanh", district="Thanh Trì", city="Hà Nội"),
    _row("Số 1 TT. Vân Đình, H. Ứng Hòa", house="1", ward="Vân Đình", district="Ứng Hòa"),
    _row("thị xã Sơn Tây, Hà Nội", district="Sơn Tây", city="Hà Nội"),
    _row("TP Hà Đông, tỉnh Hà Tây", district="Hà Đông", city="Hà Tây"),
    _row("Đường Khuất Duy Tiến, quận Thanh Xuân", street="Khuất Duy Tiến", district="Thanh Xuân"),
    _row("12 Lê Lợi, phường Nguyễn Trãi (cũ)", house="12", street="Lê Lợi", ward="Nguyễn Trãi", rest="cũ"),
]  # fmt: skip

WITHOUT_COMMAS = [
    _row("12 Quang Trung Hà Cầu Hà Đông Hà Nội", house="12", street="Quang Trung", ward="Hà Cầu",
         district="Hà Đông", city="Hà Nội"),
    _row("Số 12 Quang Trung Hà Đông", house="12", street="Quang Trung", ward="Hà Đông"),
    _row("12 Quang Trung Quang Trung Hà Đông", house="12", street="Quang Trung", ward="Quang Trung",
         district="Hà Đông"),
    _row("Số 6 ngõ 117 Nguyễn Văn Lộc Mộ Lao", house="6", alley="117", street="Nguyễn Văn Lộc", ward="Mộ Lao"),
    _row("số 12 đường Tô Hiệu phường Hà Cầu quận Hà Đông thành phố Hà Nội", house="12", street="Tô Hiệu",
         ward="Hà Cầu", district="Hà Đông", city="Hà Nội"),
    _row("Đ/c: 12 Lê Lợi - P.Nguyễn Trãi - Hà Đông - HN", house="12", street="Lê Lợi", ward="Nguyễn Trãi",
         district="Hà Đông", city="Hà Nội"),
    _row("12 Lê Lợi;Nguyễn Trãi;Hà Đông", house="12", street="Lê Lợi", ward="Nguyễn Trãi", district="Hà Đông"),
    _row("12 Lê Lợi-Nguyễn Trãi-Hà Đông", house="12", street="Lê Lợi", ward="Nguyễn Trãi", district="Hà Đông"),
]  # fmt: skip

WITHOUT_MARKS = [
    _row("SO 12 NGO 34 DUONG TO HIEU PHUONG HA CAU QUAN HA DONG", house="12", alley="34", street="TO HIEU",
         ward="Hà Cầu", district="Hà Đông"),
    _row("so 5 to huu phuong van phuc", house="5", street="to huu", ward="Vạn Phúc"),
    _row("so 5 ngo quyen quang trung ha dong", house="5", street="ngo quyen", ward="Quang Trung",
         district="Hà Đông"),
    _row("12 duong duong noi, duong noi", house="12", street="duong noi", ward="Dương Nội"),
    _row("duong noi, ha dong", ward="Dương Nội", district="Hà Đông"),
    _row("phuong van quan ha dong ha noi", ward="Văn Quán", district="Hà Đông", city="Hà Nội"),
    _row("so 7 pho xom, phu lam, ha dong", house="7", street="xom", ward="Phú Lãm", district="Hà Đông"),
    _row("to 5 phuong phu la", group="5", ward="Phú La"),
    _row("to dan pho 5 phuong ha cau", group="5", ward="Hà Cầu"),
    _row("chung cu ct1 xa la, phuc la", area="xa la", lot="ct1", ward="Phúc La"),
    _row("thon do lo, yen nghia", group="thon do lo", ward="Yên Nghĩa"),
    _row("SỐ 12 ĐƯỜNG QUANG TRUNG, PHƯỜNG HÀ CẦU", house="12", street="QUANG TRUNG", ward="Hà Cầu"),
    _row("số 12 Ðường Quang Trung", house="12", street="Quang Trung"),
    _row(unicodedata.normalize("NFD", "Số 12 ngõ 34 đường Tô Hiệu, P. Hà Cầu"), house="12", alley="34",
         street="Tô Hiệu", ward="Hà Cầu"),
    _row("Ｓố １２ Ｑｕａｎｇ Ｔｒｕｎｇ", house="12", street="Quang Trung"),
]  # fmt: skip

TYPING_ERRORS = [
    _row("12 Tô Hiệu, P. Hà Cầuu, Hà Đôngg", house="12", street="Tô Hiệu", ward="Hà Cầu", district="Hà Đông"),
    _row("12 Tô Hiệu, Kiến Hungw", house="12", street="Tô Hiệu", ward="Kiến Hưng"),
    _row("12 Tô Hiệu, phường Biên Ging", house="12", street="Tô Hiệu", ward="Biên Giang"),
    _row("12 Tô Hiệu, Yên Nghỉa", house="12", street="Tô Hiệu", ward="Yên Nghĩa"),
    _row("12 Tô Hiệu, Mỗ Lao", house="12", street="Tô Hiệu", ward="Mộ Lao"),
    _row("12 đừơng Tô Hiệu, phừơng Hà Cầu", house="12", street="Tô Hiệu", ward="Hà Cầu"),
    _row("12  Tô  Hiệu ,, Hà Cầu .", house="12", street="Tô Hiệu", ward="Hà Cầu"),
    _row("12 Ng. Văn Lộc", house="12", street="Ng Văn Lộc"),
]

WITH_OTHER_WORDS = [
    _row("Đối diện 29 Tô Hiệu (Hà Đông)", house="29", street="Tô Hiệu", ward="Hà Đông", rest="Đối diện"),
    _row("Nhà thi đấu Hà Đông - 182 Quang Trung", house="182", street="Quang Trung",
         rest="Nhà thi đấu Hà Đông"),
    _row("Khách sạn Mẫu (148 Trần Phú- Hà Đông)", house="148", street="Trần Phú", ward="Hà Đông",
         rest="Khách sạn Mẫu"),
    _row("157 Phố Xốm - Trường Trung học Bình Minh", house="157", street="Xốm",
         rest="Trường Trung học Bình Minh"),
    _row("UBND phường Văn Quán", ward="Văn Quán", rest="UBND"),
    _row("Trước số nhà 35 đường 72", house="35", street="72", rest="Trước"),
    _row("khu vực bến xe Yên Nghĩa", rest="khu vực bến xe Yên Nghĩa"),
    _row("", ),
    _row("---", ),
]  # fmt: skip

TABLE = [
    *HOUSES_AND_STREETS, *ALLEYS, *GROUPS_AND_VILLAGES, *HOUSING_AREAS, *P_AND_Q, *UNITS, *WITHOUT_COMMAS,
    *WITHOUT_MARKS, *TYPING_ERRORS, *WITH_OTHER_WORDS,
]  # fmt: skip
