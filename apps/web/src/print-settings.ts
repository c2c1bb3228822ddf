import { settings } from "./settings.ts";
import { settingsTable } from "./settings-table.ts";

// `npm run settings` prints the table of docs/reference/settings.md, `npm run settings -- --json` the list.
const text = process.argv.includes("--json") ? JSON.stringify(settings, null, 2) : settingsTable(settings);
process.stdout.write(`${text}\n`);
