"""How much a file may hold and cost. The reader runs alone, so its module imports nothing of the house but this."""

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
# Longer than any field of the register; a cell above it is no table any more.
MAX_CELL = 10_000
# Of a workbook, unpacked: fifty thousand rows of twenty columns are about 60 MB.
MAX_UNPACKED = 128 * 1024 * 1024
MAX_ENTRIES = 200
# Sheets pack 10 to 40 times; a bomb packs a thousand times.
MAX_RATIO = 100
CPU_SECONDS = 6
MEMORY_BYTES = 512 * 1024 * 1024
# By the clock on the wall: a busy machine makes the child wait, too.
WALL_SECONDS = 30
