import { writeFile } from "node:fs/promises";
import { iamAuth } from "../src/index.ts";

/** Signs with the usual chain, changes the keys in the file that is named, signs again, and prints both key ids. */
const file = process.argv[2] ?? "";
const auth = iamAuth({ region: "eu-west-1" });
const keys: (string | undefined)[] = [];
for (const key of ["AKIAEXAMPLE000000001", "AKIAEXAMPLE000000002"]) {
  await writeFile(file, `[made-up]\naws_access_key_id = ${key}\naws_secret_access_key = made-up\n`);
  const login = { host: "db.example.test", port: 3306, user: "app", emit: () => undefined };
  const token = (await auth.credential(login)).reveal();
  keys.push(/Credential=(\w+)%2F/.exec(token)?.[1]);
}
process.stdout.write(JSON.stringify(keys));
