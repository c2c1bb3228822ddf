import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { folderEntries } from "../../src/source-bundle/entry.ts";

test("a symbolic link in a folder is refused: left out in silence, it would be missing on the instance only", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "10-real.sh"), "#!/bin/sh\n");

  assert.deepEqual(
    folderEntries("hooks", folder).map(({ path }) => path),
    ["hooks/10-real.sh"],
  );
  symlinkSync("10-real.sh", join(folder, "20-link.sh"));

  assert.throws(() => folderEntries("hooks", folder), {
    code: "BUNDLE_CONTENT_REFUSED",
    message: /hooks\/20-link\.sh: neither a file nor a folder/,
  });
});
