import { randomBytes, randomInt } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import type { AwsCredentials, KeyringEntry } from "./options.ts";

/** The Region that the local database believes it is in. */
export const REGION = "eu-west-1";

/** The profile that the made-up keys have in the shared-credentials file. */
export const PROFILE = "sandbox";

/** Begins every secret that the local servers make up, so that a scan of logs and output can find one. */
export const SECRET_PREFIX = "MadeUpSecret";

const KEY_ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const KEY_ID_PREFIX = "AKIASANDBOX";
const KEY_ID_LENGTH = 20;
// 28 characters in base64; with the prefix 40, as AWS's are.
const SECRET_BYTES = 21;

/** Returns the keys in a shared-credentials file, which is made with new ones (mode 0600) when it is not there. */
export async function ensureCredentialsFile(file: string): Promise<AwsCredentials> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined) return parseCredentials(text, file);
  const credentials = makeUpCredentials();
  await writeAtomically(
    file,
    `[${PROFILE}]
aws_access_key_id = ${credentials.accessKeyId}
aws_secret_access_key = ${credentials.secretAccessKey}
region = ${REGION}
`,
  );
  return credentials;
}

/** Writes the plugin's allow-list (mode 0600); a login reads either the old one or the new one, whole. */
export async function writeKeyringFile(file: string, entries: readonly KeyringEntry[]): Promise<void> {
  const lines = entries.map((entry) => {
    const fields = [
      entry.accessKeyId,
      entry.secretAccessKey,
      entry.sessionToken ?? "-",
      entry.region,
      entry.endpoint,
      entry.users.join(","),
    ];
    if (fields.some((field) => !/^\S+$/.test(field))) {
      throw new TypeError(
        `a field of the allow-list entry for "${entry.endpoint}" is empty or holds a blank; fields are parted by blanks`,
      );
    }
    return fields.join(" ");
  });
  const heading = "# access-key-id secret-access-key session-token region host:port user[,user...]";
  await writeAtomically(file, `${[heading, ...lines].join("\n")}\n`);
}

function makeUpCredentials(): AwsCredentials {
  let accessKeyId = KEY_ID_PREFIX;
  while (accessKeyId.length < KEY_ID_LENGTH) {
    accessKeyId += KEY_ID_CHARACTERS.charAt(randomInt(KEY_ID_CHARACTERS.length));
  }
  return { accessKeyId, secretAccessKey: SECRET_PREFIX + randomBytes(SECRET_BYTES).toString("base64") };
}

function parseCredentials(text: string, file: string): AwsCredentials {
  const fields = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n")) {
    section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1] ?? section;
    const [, name, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === PROFILE && name !== undefined && value !== undefined) fields.set(name, value);
  }
  const accessKeyId = fields.get("aws_access_key_id");
  const secretAccessKey = fields.get("aws_secret_access_key");
  const sessionToken = fields.get("aws_session_token");
  if (!accessKeyId || !secretAccessKey) {
    throw new TypeError(
      `${file} has no key for the profile "${PROFILE}"; remove the file, a new one is made`,
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

async function writeAtomically(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}
