"""What the English demo company sells: its price list, its terms, and what its offers are called."""

TAX_RATE = ("Export", 0)
CATEGORIES = (("Software", ""), ("Licences", "Software"), ("Cloud", "Software"), ("Hardware", ""), ("Scanners", "Hardware"),
              ("Servers", "Hardware"), ("Services", ""), ("Training", "Services"), ("Support", "Services"))  # fmt: skip
PRODUCTS = (
    ("ERP-100", "ERP licence, per user", "Licences", "good", "user", 420, "Production, stock, finance and sales"),
    ("ERP-MOB", "Mobile sales app, per user", "Licences", "good", "user", 96, "For Android and iOS"),
    ("BI-10", "Business intelligence, server licence", "Licences", "good", "piece", 5800, "Up to 25 readers"),
    ("CRM-50", "CRM licence, per user", "Licences", "good", "user", 310, ""),
    ("DMS-20", "Document management, server licence", "Licences", "good", "piece", 3900, ""),
    ("CL-S", "Cloud hosting, small", "Cloud", "service", "month", 180, "2 cores, 8 GB, daily backup"),
    ("CL-M", "Cloud hosting, medium", "Cloud", "service", "month", 340, "4 cores, 16 GB, daily backup"),
    ("CL-L", "Cloud hosting, large", "Cloud", "service", "month", 720, "8 cores, 32 GB, hourly backup"),
    ("SC-210", "Hand scanner SC-210", "Scanners", "good", "piece", 265.5, "Bluetooth, with charging cradle"),
    ("SC-900", "Tunnel scanner SC-900", "Scanners", "good", "piece", 8450, "Five sides, 1.2 m/s"),
    ("PR-40", "Label printer PR-40", "Scanners", "good", "piece", 415, "4 inch, 300 dpi"),
    ("LB-40", "Labels 40 mm", "Scanners", "good", "pack", 18.75, "Roll of 2,000"),
    ("SV-2U", "Rack server 2U", "Servers", "good", "piece", 6190, "Two processors, 256 GB"),
    ("ST-24", "Storage 24 TB", "Servers", "good", "piece", 9250, "RAID 6, two controllers"),
    ("NW-48", "Network switch, 48 ports", "Servers", "good", "piece", 1390, ""),
    ("UPS-3", "Uninterruptible supply 3 kVA", "Servers", "good", "piece", 1120, ""),
    ("SR-IMP", "Introduction of the system", "Services", "service", "person_day", 980, "On site, travel included"),
    ("SR-INT", "Interface to existing systems", "Services", "service", "person_day", 1120, ""),
    ("SR-DAT", "Taking over existing data", "Services", "service", "person_day", 890, ""),
    ("SR-INS", "Installation of hardware", "Services", "service", "hour", 95, ""),
    ("TR-DAY", "Training for users", "Training", "service", "person_day", 850, "Up to ten people"),
    ("TR-KEY", "Training for administrators", "Training", "service", "person_day", 1050, ""),
    ("SU-STD", "Support, standard", "Support", "service", "month", 460, "Working days, answer within eight hours"),
    ("SU-PRO", "Support, extended", "Support", "service", "month", 1180, "Every day, answer within one hour"),
)  # fmt: skip
"""Part number, name, category, type, unit, price, description."""
GROUPS = ("Licences", "Hardware", "Introduction and training", "Operation")
REMARK = "Prices of hardware hold while stocks last."
LEAD_TIMES = ("2 weeks", "1 month", "6 weeks after the advance payment")
WARRANTIES = ("12 months", "24 months on hardware", "According to the manufacturer")
VALIDITIES = ("30 days", "60 days")
TERMS = (
    "30% on signing, 40% on delivery for trial, 30% on acceptance.\nDelivery within four months of the advance payment.",
    "Payable within 30 days of the invoice. Travel beyond 100 km is charged at cost.",
    "Prices of licences hold until the end of the offer.\nSupport begins with acceptance and is billed quarterly in advance.",
)
CONTRACTS = ("{deal}, contract", "Support of {deal}", "Maintenance {deal}", "Framework agreement, {deal}")
