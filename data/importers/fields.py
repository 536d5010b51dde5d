"""The columns of a register that the import knows, and every way we have seen them written."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """What a column holds; the value is the K of ``--map K=COLUMN``."""

    ID = "id"
    NAME = "name"
    TYPE = "type"
    ADDRESS = "address"
    HOUSE_NUMBER = "house_number"
    STREET = "street"
    WARD = "ward"
    LAT = "lat"
    LON = "lon"
    X = "x"
    Y = "y"
    COORDINATES = "coordinates"
    ROOMS = "rooms"
    WORKERS = "workers"
    REGISTRATION_NUMBER = "registration_number"
    REGISTERED_ON = "registered_on"
    REGISTERED_UNTIL = "registered_until"
    TAX_NUMBER = "tax_number"
    SECURITY_NUMBER = "security_number"
    SECURITY_ISSUED_ON = "security_issued_on"
    SECURITY_UNTIL = "security_until"
    KARAOKE_NUMBER = "karaoke_number"
    KARAOKE_ISSUED_ON = "karaoke_issued_on"
    KARAOKE_UNTIL = "karaoke_until"
    FIRE_NUMBER = "fire_number"
    FIRE_ISSUED_ON = "fire_issued_on"
    FIRE_UNTIL = "fire_until"
    COMMITMENT = "commitment"
    OPENED_ON = "opened_on"
    STATUS = "status"
    STATUS_ON = "status_on"
    COMPLEX_GROUNDS = "complex_grounds"
    UNREGISTERED_BASIS = "unregistered_basis"
    NOTES = "notes"


#: Without these columns a file is no register.
REQUIRED = (Field.NAME, Field.TYPE)

#: The header that the template writes and the export uses, Vietnamese.
TITLES: dict[Field, str] = {
    Field.ID: "Mã cơ sở",
    Field.NAME: "Tên cơ sở",
    Field.TYPE: "Loại hình",
    Field.ADDRESS: "Địa chỉ",
    Field.HOUSE_NUMBER: "Số nhà",
    Field.STREET: "Đường",
    Field.WARD: "Phường",
    Field.LAT: "Vĩ độ",
    Field.LON: "Kinh độ",
    Field.X: "X (VN-2000)",
    Field.Y: "Y (VN-2000)",
    Field.COORDINATES: "Tọa độ",
    Field.ROOMS: "Số phòng",
    Field.WORKERS: "Số lao động",
    Field.REGISTRATION_NUMBER: "Số ĐKKD",
    Field.REGISTERED_ON: "Ngày cấp ĐKKD",
    Field.REGISTERED_UNTIL: "Ngày hết hạn ĐKKD",
    Field.TAX_NUMBER: "Mã số thuế",
    Field.SECURITY_NUMBER: "Số giấy chứng nhận ANTT",
    Field.SECURITY_ISSUED_ON: "Ngày cấp ANTT",
    Field.SECURITY_UNTIL: "Ngày hết hạn ANTT",
    Field.KARAOKE_NUMBER: "Số giấy phép karaoke",
    Field.KARAOKE_ISSUED_ON: "Ngày cấp giấy phép karaoke",
    Field.KARAOKE_UNTIL: "Ngày hết hạn giấy phép karaoke",
    Field.FIRE_NUMBER: "Số văn bản PCCC",
    Field.FIRE_ISSUED_ON: "Ngày cấp PCCC",
    Field.FIRE_UNTIL: "Ngày hết hạn PCCC",
    Field.COMMITMENT: "Ngày ký cam kết",
    Field.OPENED_ON: "Ngày bắt đầu hoạt động",
    Field.STATUS: "Trạng thái",
    Field.STATUS_ON: "Trạng thái từ ngày",
    Field.COMPLEX_GROUNDS: "Dấu hiệu phức tạp",
    Field.UNREGISTERED_BASIS: "Căn cứ khi chưa có đăng ký",
    Field.NOTES: "Ghi chú",
}

#: Headers as written in files, folded (no marks, small letters, signs as spaces), beside title and field name.
SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.ID: ("ma cs", "premises id"),
    Field.NAME: (
        "ten", "ten cs", "ten cskd", "ten co so kinh doanh", "ten ho kinh doanh", "ten hkd", "ten doanh nghiep",
        "ten dn", "ten don vi", "ten bien hieu", "bien hieu", "ten cua hang", "ten quan", "ten goi",
        "ten dia diem", "ten nha nghi", "ten khach san", "co so", "co so kinh doanh", "cskd", "ho kinh doanh",
        "doanh nghiep", "business name", "premises", "premises name", "establishment",
    ),
    Field.TYPE: (
        "loai", "loai hinh kd", "loai hinh kinh doanh", "loai hinh dich vu", "nganh nghe", "nganh nghe kd",
        "nganh nghe kinh doanh", "loai co so", "linh vuc", "linh vuc kinh doanh", "dich vu", "loai dich vu",
        "hinh thuc kinh doanh", "kind", "business type", "category",
    ),
    Field.ADDRESS: (
        "dc", "d c", "dia chi co so", "dia chi kinh doanh", "dia chi kd", "dia diem", "dia diem kinh doanh",
        "noi kinh doanh", "dia chi tru so", "vi tri", "dia chi hoat dong", "street address",
    ),
    Field.HOUSE_NUMBER: ("house number", "sn"),
    Field.STREET: ("pho", "duong pho", "ten duong", "ten pho", "duong/pho", "tuyen duong"),
    Field.WARD: (
        "xa", "phuong xa", "xa phuong", "phuong xa thi tran", "ten phuong", "dia ban", "dia ban phuong",
        "thuoc phuong", "don vi hanh chinh",
    ),
    Field.LAT: ("latitude", "vi tuyen", "toa do vi do", "y wgs84", "lat wgs84"),
    Field.LON: ("lng", "long", "longitude", "kinh tuyen", "toa do kinh do", "x wgs84", "lon wgs84"),
    Field.X: ("toa do x", "x vn2000", "x vn 2000", "toa do x vn2000", "toa do x vn 2000", "x m"),
    Field.Y: ("toa do y", "y vn2000", "y vn 2000", "toa do y vn2000", "toa do y vn 2000", "y m"),
    Field.COORDINATES: ("gps", "toa do gps", "vi tri gps", "toa do dia ly", "lat lon", "lat long", "dinh vi"),
    Field.ROOMS: ("phong", "so luong phong", "tong so phong", "so phong hat", "so phong nghi", "so buong"),
    Field.WORKERS: (
        "lao dong", "nhan vien", "so nhan vien", "so luong lao dong", "so nguoi lao dong", "tong so lao dong",
        "so ld", "employees", "staff",
    ),
    Field.REGISTRATION_NUMBER: (
        "so gpkd", "dkkd", "gpkd", "so dang ky", "so giay phep", "giay phep", "ma so dn",
        "giay phep kinh doanh", "ma so doanh nghiep", "ma so ho kinh doanh", "ma so hkd", "msdn",
        "registration", "registration no",
    ),
    Field.REGISTERED_ON: ("ngay dang ky", "registration date", "ngay cap giay phep"),
    Field.TAX_NUMBER: ("mst", "so thue", "ma thue", "tax code", "tax id"),
    Field.COMMITMENT: ("ky cam ket", "cam ket", "da ky cam ket", "ban cam ket", "commitment signed"),
    Field.OPENED_ON: (
        "ngay hoat dong", "bat dau hoat dong", "ngay khai truong", "ngay mo cua", "nam hoat dong",
        "opened", "opening date",
    ),
    Field.STATUS: ("tinh trang", "tinh trang hoat dong", "hien trang", "trang thai hoat dong"),
    Field.STATUS_ON: ("tu ngay", "ngay tam ngung", "ngay ngung hoat dong", "ngay dong cua", "status date"),
    Field.COMPLEX_GROUNDS: ("can cu phuc tap", "bieu hien phuc tap"),
    Field.UNREGISTERED_BASIS: ("can cu khong phep", "can cu chua dang ky", "hoat dong khong phep"),
    Field.NOTES: ("note", "remark", "remarks", "chu thich"),
}  # fmt: skip

#: Known columns that hold nothing to store.
IGNORED = frozenset(
    {
        "stt", "tt", "so tt", "so thu tu", "no", "quan", "huyen", "quan huyen", "thanh pho", "tinh",
        "tinh thanh pho", "district", "city", "ward code", "ward name",
    }
)  # fmt: skip
