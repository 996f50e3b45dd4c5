"""Words of the floor and the WMS: roles, states, work, reasons, statuses, slips, policies' families, parts of time."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- roles
    "role.picker": ("Picker", "拣货员"), "role.packer": ("Packer", "包装员"), "role.receiver": ("Receiver", "收货员"),
    "role.putaway_driver": ("Putaway driver", "上架叉车工"), "role.replenisher": ("Replenisher", "补货员"),
    "role.loader": ("Loader", "装车员"), "role.counter": ("Counter", "盘点员"), "role.clerk": ("Clerk", "录单员"),
    "role.agv": ("AGV", "AGV"), "role.forklift": ("Forklift", "叉车"),
    # --- states
    "state.moving": ("moving", "行走"), "state.working": ("working", "作业"), "state.waiting": ("waiting", "等待"),
    "state.blocked": ("blocked", "受阻"), "state.idle": ("idle", "空闲"), "state.break": ("on break", "休息"),
    "state.absent": ("absent", "缺勤"), "state.off": ("off shift", "下班"),
    # --- work
    "work.pick": ("Picking", "拣货"), "work.putaway": ("Putaway", "上架"),
    "work.replenish": ("Replenishment", "补货"), "work.count": ("Counting", "盘点"), "work.load": ("Loading", "装车"),
    "work.receive": ("Receiving", "收货"), "work.pack": ("Packing", "包装"), "work.key": ("Keying", "录单"),
    "work.sort": ("Sorting", "分拣"), "work.kit": ("Kitting", "组套"),
    # --- parts of an order's time
    "part.promise": ("promise", "承诺"), "part.stock": ("waits for stock", "等库存"),
    "part.release": ("waits for release", "等释放"), "part.wave": ("waits for its wave", "等波次"),
    "part.batch": ("waits for a batch", "等合批"), "part.worker": ("waits for a worker", "等人员"),
    "part.aisle": ("waits at aisles", "巷道等待"), "part.walking": ("walking", "行走"),
    "part.search_and_pick": ("search and pick", "寻找与拣取"),
    "part.scan_and_retry": ("scan and retry", "扫描与重试"), "part.cart": ("cart set-up", "备车与卸车"),
    "part.keying": ("keying", "录单"), "part.conveyor": ("conveyor", "输送"),
    "part.consolidation": ("consolidation", "集货"), "part.packing": ("packing", "包装"),
    "part.staging": ("staging", "暂存"), "part.lane": ("waits at a full lane", "等暂存道空位"),
    "part.truck": ("waits for the truck", "等车"),
    "part.other": ("other", "其他"),
    # --- reasons, as the stream gives them
    "reason.promise": ("waits for its promise", "等待承诺"), "reason.stock": ("waits for stock", "等待库存"),
    "reason.release": ("waits for release", "等待释放"), "reason.batch": ("waits for a batch", "等待合批"),
    "reason.worker": ("waits for a worker", "等待人员"),
    "reason.replenishment": ("waits for replenishment", "等待补货"),
    "reason.staging": ("carried to its lane", "送往暂存道"), "reason.truck": ("waits for its truck", "等待车辆"),
    "reason.departure": ("waits for departure", "等待发车"), "reason.putaway": ("waits for putaway", "等待上架"),
    "reason.reserve": ("into reserve", "入存储区"), "reason.face": ("into the pick face", "入拣选位"),
    "reason.announced": ("waits for announced goods", "等待在途货物"), "reason.no_stock": ("no stock", "无库存"),
    "reason.not_promised": ("not promised", "未承诺"), "reason.count": ("count", "盘点"),
    "reason.exception": ("pick exception", "拣货异常"), "reason.plan": ("planned", "计划内"),
    "reason.threshold": ("below the threshold", "低于阈值"), "reason.zero": ("found empty", "零库存确认"),
    "reason.spot": ("spot check", "抽查"), "reason.idle": ("idle time", "利用空闲"),
    "reason.suspect": ("suspect stock", "可疑库存"), "reason.damage": ("damage", "破损"),
    "reason.loss": ("loss", "丢失"), "reason.device": ("device failed", "设备故障"),
    "reason.jam": ("conveyor jam", "输送线卡堵"), "reason.wms_outage": ("WMS outage", "系统宕机"),
    "reason.fault": ("fault", "故障"), "reason.absence": ("absence", "缺勤"),
    "reason.cutoff_missed": ("missed its cut-off", "错过截单"), "reason.cutoff": ("cut-off", "截单"),
    "reason.wip_cap": ("limit of work in process", "在制上限"), "reason.window": ("outside its window", "不在时间窗"),
    "reason.tick": ("by the clock", "定时"), "reason.immediate": ("at once", "立即"),
    "reason.demand": ("by demand", "按需求"), "reason.level": ("low level", "低水位"),
    "reason.top_up": ("top-up", "补满"), "reason.aisle_full": ("aisle full", "巷道已满"),
    "reason.aisle_blocked": ("aisle closed", "巷道封闭"),
    # --- faults at the pick face
    "fault.short": ("too few", "数量不足"), "fault.empty": ("empty", "空货位"), "fault.damaged": ("damaged", "破损"),
    "fault.wrong_sku": ("wrong SKU", "错货"), "fault.wrong_lot": ("wrong lot", "错批号"),
    "fault.expired": ("expired", "过期"), "fault.unreadable": ("unreadable label", "条码不可读"),
    # --- slips and the checks that catch them
    "slip.wrong_sku": ("wrong SKU", "拿错商品"), "slip.wrong_units": ("wrong quantity", "数量错误"),
    "slip.wrong_position": ("wrong cart position", "放错料箱"), "slip.left_out": ("left out", "漏拣"),
    "slip.wrong_label": ("wrong label", "贴错标签"), "slip.keyed_units": ("keyed wrong", "录入错误"),
    "slip.wrong_location": ("wrong location", "放错货位"), "slip.wrong_units_booked": ("booked wrong", "登记错误"),
    "check.sku_scan": ("SKU scan", "扫商品码"), "check.location_scan": ("location scan", "扫货位码"),
    "check.put_scan": ("put scan", "扫料箱码"), "check.scale": ("scale", "称重"),
    "check.unit_scan": ("every unit scanned", "逐件扫描"), "check.label_scan": ("label scan", "扫面单"),
    "check.empty_tote": ("empty tote", "空料箱检查"), "check.receipt_scan": ("receipt scan", "收货扫描"),
    # --- statuses
    "status.received": ("received", "已接单"), "status.promised": ("promised", "已承诺"),
    "status.allocated": ("allocated", "已分配"), "status.released": ("released", "已释放"),
    "status.picking": ("being picked", "拣货中"), "status.picked": ("picked", "已拣"),
    "status.packed": ("packed", "已包装"), "status.staged": ("staged", "已暂存"),
    "status.loaded": ("loaded", "已装车"), "status.shipped": ("shipped", "已发运"),
    "status.cancelled": ("cancelled", "已取消"), "status.backordered": ("backordered", "欠货"),
    "status.closed_short": ("closed short", "缺货关单"), "status.held": ("held", "已挂起"),
    "status.refused": ("refused", "已拒单"), "status.available": ("available", "可用"),
    "status.qc_hold": ("quality hold", "待检"), "status.blocked": ("blocked", "冻结"),
    "status.damaged": ("damaged", "残损"), "status.expired": ("expired", "过期"),
    "status.returned": ("returned", "退货"), "status.open": ("open", "未完成"),
    # --- families of policies
    "family.promising": ("Promising", "承诺"), "family.allocation": ("Allocation", "库存分配"),
    "family.release": ("Release", "订单释放"), "family.batching": ("Batching", "合批"),
    "family.routing": ("Routing", "拣货路径"), "family.putaway": ("Putaway", "上架"),
    "family.slotting": ("Slotting", "储位规划"), "family.replenishment": ("Replenishment", "补货"),
    "family.dispatch": ("Dispatch", "任务派发"), "family.dock_assignment": ("Dock assignment", "月台分配"),
    "family.cycle_counting": ("Cycle counting", "循环盘点"),
    "family.pick_exceptions": ("Pick exceptions", "拣货异常"), "family.sourcing": ("Sourcing", "寻源"),
    "family.zoning": ("Zoning", "分区拣货"), "family.sortation": ("Sortation", "分拣"),
    "family.disposition": ("Disposition", "退货处置"), "family.cartonization": ("Cartonization", "装箱"),
    "family.kitting": ("Kitting", "组套"), "family.cross_docking": ("Cross-docking", "越库"),
    "family.reordering": ("Reordering", "补货订购"),
    # --- zones, as our layouts name them
    "zone.pick": ("Pick", "拣选区"), "zone.reserve": ("Reserve", "存储区"), "zone.bulk": ("Bulk", "整托区"),
    "zone.chilled": ("Chilled", "冷藏区"), "zone.frozen": ("Frozen", "冷冻区"), "zone.secure": ("Secure", "保管区"),
    # --- trailers
    "way.in": ("inbound", "入库"), "way.out": ("outbound", "出库"),
}  # fmt: skip
