import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import test from "node:test";
import { readKeyFile } from "../../src/backend-auth/key-file.ts";
import { fakeBalancer, fileOf, keyFolder, newKey } from "../support/cloud/fake-balancer.ts";
import { selfSigned } from "../support/cloud/self-signed.ts";
import { sealed } from "../support/harness.ts";

test("a public key is taken in PEM, DER and bare base64, and always becomes the same value", async () => {
  const { file, value, spki } = newKey();
  const wrapped = value.replaceAll(/.{64}/g, "$&\n");

  const keys = await Promise.all(
    [file, fileOf(spki), fileOf(value), fileOf(`${wrapped}\n`)].map(readKeyFile),
  );

  assert.deepEqual(
    keys.map((key) => key.value),
    [value, value, value, value],
  );
  assert.equal(new Set(keys.map(({ fingerprint }) => fingerprint)).size, 1);
  assert.match(keys[0]?.fingerprint ?? "", /^[0-9a-f]{16}$/);
});

test("a certificate is taken in PEM and DER, the first one of a chain, and named by its subject", async () => {
  const { value, pem, der } = await selfSigned("app.example.com");
  const another = await selfSigned("ca.example.com");

  const keys = await Promise.all(
    [fileOf(pem), fileOf(der), fileOf(`${pem}\n${another.pem}`)].map(readKeyFile),
  );

  assert.deepEqual(
    keys.map((key) => key.value),
    [value, value, value],
  );
  assert.match(keys[0]?.origin ?? "", /certificate of CN=app\.example\.com \(EC, prime256v1\)/);
});

test("an RSA key is taken in both of its forms", async () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const spki = publicKey.export({ format: "der", type: "spki" }).toString("base64");

  for (const type of ["spki", "pkcs1"] as const) {
    for (const content of [
      publicKey.export({ format: "pem", type }),
      publicKey.export({ format: "der", type }),
    ]) {
      const { value, origin } = await readKeyFile(fileOf(content));
      assert.equal(value, spki);
      assert.match(origin, /public key \(RSA, 2048 bits\)/);
    }
  }
});

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const cipher = { cipher: "aes-256-cbc", passphrase: "made up for this test" };
const PRIVATE: Readonly<Record<string, string | Buffer>> = {
  "a private key in PEM": privateKey.export({ format: "pem", type: "pkcs8" }),
  "one in the older form of PEM": privateKey.export({ format: "pem", type: "sec1" }),
  "one with a passphrase": privateKey.export({ format: "pem", type: "pkcs8", ...cipher }),
  "one in DER": privateKey.export({ format: "der", type: "pkcs8" }),
  "one in the older form of DER": privateKey.export({ format: "der", type: "sec1" }),
  "one in DER with a passphrase": privateKey.export({ format: "der", type: "pkcs8", ...cipher }),
  "one in bare base64": privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
};

for (const [name, content] of Object.entries(PRIVATE)) {
  test(`${name} is refused: nothing of it is sent or printed, and the command that takes its public half is shown`, async () => {
    const { balancer, sts } = fakeBalancer();
    const file = fileOf(content);

    const { exitCode, output, errors } = await sealed(
      `backend-auth attach ${file} --load-balancer lb --apply`,
    );

    assert.equal(exitCode, 2);
    assert.match(errors, /holds a private key, which stays where it is/);
    assert.ok(errors.includes(`run: openssl pkey -in ${file} -pubout -out public.pem`));
    assert.equal(balancer.calls.length + sts.calls().length, 0);
    const inside = typeof content === "string" ? content : content.toString("base64");
    for (const line of inside.split("\n").filter((one) => one.length > 20 && !one.startsWith("-----"))) {
      assert.ok(!(output + errors).includes(line));
    }
  });
}

test("a certificate with its private key in one file is refused", async () => {
  const { pem } = await selfSigned("app.example.com");
  const file = fileOf(`${pem}\n${PRIVATE["a private key in PEM"]}`);

  await assert.rejects(readKeyFile(file), {
    code: "SEALED_KEY_FILE_INVALID",
    message: /holds a private key/,
  });
});

for (const [name, content, message] of [
  ["text", "hello", /neither a certificate nor a public key/],
  ["nothing", "", /neither a certificate nor a public key/],
  ["half a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n", /neither a certificate nor a public key/],
  [
    "an Ed25519 key",
    generateKeyPairSync("ed25519").publicKey.export({ format: "pem", type: "spki" }),
    /a key of type ed25519: a classic load balancer speaks TLS 1\.2 with RSA and EC keys/,
  ],
  [
    "a short RSA key",
    generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey.export({ format: "pem", type: "spki" }),
    /an RSA key of 1024 bits: use 2048 or more/,
  ],
] as const) {
  test(`a file with ${name} is refused`, async () => {
    await assert.rejects(readKeyFile(fileOf(content)), { code: "SEALED_KEY_FILE_INVALID", message });
  });
}

test("a file that is missing, or a folder, is named", async () => {
  await assert.rejects(readKeyFile(join(keyFolder, "nowhere")), {
    message: /nowhere cannot be read \(ENOENT\)/,
  });
  await assert.rejects(readKeyFile(keyFolder), { message: /cannot be read \(EISDIR\)/ });
});
