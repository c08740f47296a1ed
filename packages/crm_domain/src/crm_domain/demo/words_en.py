"""Words of the English demo company: names, what companies are called, what they buy."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words("""
Emma Olivia Sophia Isabella Mia Charlotte Amelia Harper Evelyn Abigail Emily Elizabeth Sofia Avery Ella
Madison Scarlett Victoria Aria Grace Chloe Camila Penelope Riley Layla Lillian Nora Zoey Mila Aubrey Hannah
Lily Addison Eleanor Natalie Luna Savannah Brooklyn Leah Zoe Stella Hazel Ellie Paisley Audrey Skylar Violet
Claire Bella Aurora Lucy Anna Samantha Caroline Genesis Aaliyah Kennedy Kinsley Allison Maya Sarah Madelyn
Adeline Alexa Ariana Elena Gabriella Naomi Alice Sadie Hailey Eva Emilia Autumn Quinn Piper Ruby Serenity
Willow Everly Cora Kaylee Lydia Aubree Arianna Eliana Peyton Melanie Gianna Isabelle Julia Valentina Nova
Clara Vivian Reagan Mackenzie Madeline Rachel Diana Fiona Joan Margaret Judith Helen Ruth Teresa Janet
""")
MEN = _words("""
Liam Noah Oliver Elijah William James Benjamin Lucas Henry Alexander Mason Michael Ethan Daniel Jacob Logan
Jackson Levi Sebastian Mateo Jack Owen Theodore Aiden Samuel Joseph John David Wyatt Matthew Luke Asher Carter
Julian Grayson Leo Jayden Gabriel Isaac Lincoln Anthony Hudson Dylan Ezra Thomas Charles Christopher Jaxon
Maverick Josiah Isaiah Andrew Elias Joshua Nathan Caleb Ryan Adrian Miles Eli Nolan Christian Aaron Cameron
Ezekiel Colton Luca Landon Hunter Jonathan Santiago Axel Easton Cooper Jeremiah Angel Roman Connor Jameson
Robert Greyson Jordan Ian Carson Jaxson Leonardo Nicholas Dominic Austin Everett Brooks Xavier Kai Jose Parker
Adam Jace Wesley Kayden Silas Bennett Declan Weston Micah Ayden Martin Peter Walter
""")
FAMILIES = _words("""
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis
Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera
Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart
Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim
Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo
Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler
Henderson Barnes Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin
Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro
Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb
Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz
Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza
Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold
Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll Lane Riley
Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards Contreras Willis Carpenter
Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene Nunez Wheeler Valdez Harper Burke
""")
BRANDS = _words("""
Northfield Bluewater Silverline Redwood Oakridge Brightstone Clearview Summit Harbor Granite Evergreen
Lakeside Ironwood Keystone Crescent Pinnacle Meridian Beacon Cascade Sterling Horizon Riverbend Stonebridge
Westgate Eastwind Highland Copperfield Falcon Atlas Orion Vertex Apex Quantum Zenith Nova Polaris Vanguard
Pioneer Frontier Liberty Heritage Legacy Unity Alliance Fairview Greenway Sunrise Maple Cedar Willow Birchwood
Ashford Kingsley Waverly Bradford Hartwell Langley Thornton Winslow Marlow Preston Radcliffe Sheffield
Templeton Upton Wexford Yarrow Zephyr Amber Cobalt Crimson Indigo Jade Onyx Opal Sapphire Bayview Blackstone
Canyon Delta Elmwood Fernwood Glacier Hollow Juniper Knoll Lodestar Mesa Newport Outlook Prairie Quarry
""")
QUALITIES = (
    "",
    "",
    "National",
    "Global",
    "United",
    "Premier",
    "Pacific",
    "Atlantic",
    "Central",
    "Northern",
    "Southern",
    "First",
)
ENDINGS = ("Inc", "LLC", "Ltd", "Group", "Co", "Partners", "Holdings", "")
TRADES: dict[str, tuple[str, ...]] = {
    "steel": ("Steel", "Metals", "Foundry"),
    "food": ("Foods", "Dairy", "Beverages", "Bakeries"),
    "pharma": ("Pharma", "Laboratories", "Therapeutics"),
    "technology": ("Software", "Systems", "Data", "Cloud", "Robotics"),
    "construction": ("Construction", "Builders", "Civil Works"),
    "banking": ("Bank", "Credit Union"),
    "insurance": ("Insurance", "Assurance"),
    "retail": ("Stores", "Trading", "Outfitters", "Home"),
    "healthcare": ("Hospital", "Clinics", "Medical"),
    "education": ("Academy", "Learning", "Publishing"),
    "oil_gas": ("Petroleum", "Refining", "Gas"),
    "mining": ("Mining", "Minerals"),
    "automotive": ("Motors", "Auto Parts", "Tires"),
    "agriculture": ("Farms", "Seeds", "Orchards"),
    "manufacturing": ("Industries", "Manufacturing", "Ceramics", "Textiles", "Plastics"),
    "transportation": ("Logistics", "Freight", "Airways"),
    "shipping": ("Shipping", "Marine"),
    "energy": ("Power", "Energy", "Solar"),
    "consulting": ("Consulting", "Advisors", "Engineers"),
    "telecommunications": ("Telecom", "Networks", "Fiber"),
    "apparel": ("Apparel", "Shoes", "Leather"),
    "hospitality": ("Hotels", "Resorts", "Kitchens"),
    "machinery": ("Machinery", "Tools", "Equipment"),
    "media": ("Media", "Press", "Studios"),
    "electronics": ("Electronics", "Controls", "Circuits"),
    "chemicals": ("Chemicals", "Coatings", "Polymers"),
}
POSTS = (
    ("Chief Executive Officer", "Management"),
    ("Managing Director", "Management"),
    ("Board Member", "Management"),
    ("Chief Financial Officer", "Finance"),
    ("Controller", "Finance"),
    ("Accountant", "Finance"),
    ("IT Director", "Information Technology"),
    ("Network Engineer", "Information Technology"),
    ("Project Manager", "Information Technology"),
    ("Head of Procurement", "Purchasing"),
    ("Buyer", "Purchasing"),
    ("Sales Director", "Sales"),
    ("Account Executive", "Sales"),
    ("Marketing Manager", "Marketing"),
    ("Plant Manager", "Production"),
    ("Production Supervisor", "Production"),
    ("Quality Manager", "Quality"),
    ("HR Manager", "Human Resources"),
    ("Recruiter", "Human Resources"),
    ("General Counsel", "Legal"),
    ("Office Manager", "Administration"),
    ("Warehouse Manager", "Warehouse"),
    ("Head of Research", "Research"),
)
STREETS = (
    "Main Street", "Oak Avenue", "Maple Street", "Cedar Lane", "Park Avenue", "Washington Street", "Lake Drive",
    "Hill Road", "Elm Street", "Pine Street", "Sunset Boulevard", "River Road", "Church Street", "Market Street",
    "Broadway", "Industrial Parkway", "Commerce Drive", "Highland Avenue", "Franklin Street", "Second Avenue",
    "Union Street",
)  # fmt: skip
TOWNS = (
    ("New York", "New York", "212", "100"), ("Buffalo", "New York", "716", "142"),
    ("Los Angeles", "California", "213", "900"), ("San Diego", "California", "619", "921"),
    ("San Francisco", "California", "415", "941"), ("Chicago", "Illinois", "312", "606"),
    ("Houston", "Texas", "713", "770"), ("Dallas", "Texas", "214", "752"), ("Austin", "Texas", "512", "787"),
    ("Phoenix", "Arizona", "602", "850"), ("Philadelphia", "Pennsylvania", "215", "191"),
    ("Pittsburgh", "Pennsylvania", "412", "152"), ("Columbus", "Ohio", "614", "432"),
    ("Cleveland", "Ohio", "216", "441"), ("Charlotte", "North Carolina", "704", "282"),
    ("Raleigh", "North Carolina", "919", "276"), ("Indianapolis", "Indiana", "317", "462"),
    ("Seattle", "Washington", "206", "981"), ("Denver", "Colorado", "303", "802"),
    ("Boston", "Massachusetts", "617", "021"), ("Nashville", "Tennessee", "615", "372"),
    ("Detroit", "Michigan", "313", "482"), ("Portland", "Oregon", "503", "972"),
    ("Las Vegas", "Nevada", "702", "891"), ("Atlanta", "Georgia", "404", "303"), ("Miami", "Florida", "305", "331"),
    ("Orlando", "Florida", "407", "328"), ("Minneapolis", "Minnesota", "612", "554"),
    ("Kansas City", "Missouri", "816", "641"), ("Baltimore", "Maryland", "410", "212"),
)  # fmt: skip
"""City, state, area code, and the first three digits of its ZIP codes."""
DEALS = (
    "ERP rollout", "Claims management system", "Point of sale integration", "Supply chain tracking",
    "Fleet monitoring", "Employee records", "Annual support renewal", "Three-year support renewal",
    "Project controls", "Smart warehouse", "Production planning", "Line quality control", "E-learning platform",
    "Data centre migration", "Contractor management", "Loyalty programme", "Tax reporting link",
    "Equipment maintenance", "Yearly service agreement", "Management reporting", "Document management",
    "Contact centre", "Payment gateway", "Web shop", "Mobile sales app", "Business intelligence",
    "Network security", "Server room", "Video surveillance", "Time and attendance", "Cost accounting",
    "Key user training", "Process audit", "Storage and servers", "Software licences", "CRM introduction",
    "Weighing system", "Pallet tracking",
)  # fmt: skip
DEAL_ENDINGS = (
    "",
    "",
    "",
    ", plant no. 2",
    ", head office",
    ", branches",
    ", phase two",
    ", central warehouse",
    ", pilot",
)
NEXT_STEPS = (
    "Send quote", "Legal review", "Technical demo", "Follow-up call", "Site visit", "Discovery meeting",
    "Call the CFO", "Send samples", "Requirements workshop", "Sign contract", "Online presentation",
    "Receive request for quote",
)  # fmt: skip
NOTES = (
    "Met at the trade show. Their current version no longer meets their needs.",
    "This year’s budget is approved; they will decide by the end of the quarter.",
    "Payment terms matter to them: 30% up front, the rest in three milestones.",
    "They worked with a competitor before and were not happy with support.",
    "They asked for an offer with two price options.",
    "The board decides; next meeting after the annual assembly.",
    "They installed the trial and are collecting feedback from users.",
    "Their main question is how it connects to existing systems.",
)
LOST_NOTES = (
    "Signed with a cheaper competitor.",
    "The budget moved to next year.",
    "No answer after three follow-ups.",
    "They built something in-house.",
)
CLOSING_SOON, LARGE_DEALS, FRESH_LEADS = "Closing this quarter", "Above 100,000", "Open leads of this month"
LARGE = "100000"
"""As it is typed into a filter."""
TEAMS = ("Sales", "Sales East", "Sales West", "Key accounts")
"""The first stands above the others."""
USER_POSTS = ("Sales Manager", "Senior Account Executive", "Account Executive", "Marketing Specialist")
USER_DEPARTMENT = "Sales"
