import type { DeploymentSettings } from "./config.ts";

/** What a setting is made of; a `value` is checked by the rule of the setting itself. */
type Shape = "value" | "flag" | "list" | "object";

/**
 * Every setting. Node strips the types of sealed.config.ts and does not check them: a name that is written wrong
 * would change nothing, and a value of another shape would fail in the middle of a rule.
 */
const SHAPES = {
  account: "value",
  region: "value",
  preset: "value",
  topology: "value",
  name: "value",
  lesson: "flag",
  egress: "value",
  s3PrefixListId: "value",
  domain: "object",
  instanceCertificate: "object",
  backendKeys: "object",
  clients: "list",
  webAcl: "flag",
  httpRedirect: "flag",
  deploymentPolicy: "value",
  environmentSecrets: "object",
  ebsEncryption: "value",
  alarmEmail: "value",
  timeToLiveHours: "value",
  platformArn: "value",
} as const satisfies Readonly<Record<keyof DeploymentSettings, Shape>>;

/** Fields of the settings that are objects, where each is required. */
const FIELDS: Readonly<Record<string, readonly [string, "string" | "number" | "list"][]>> = {
  domain: [
    ["name", "string"],
    ["zoneName", "string"],
    ["hostedZoneId", "string"],
  ],
  backendKeys: [
    ["trusted", "list"],
    ["serving", "number"],
  ],
};

/** Names of all settings. */
export const settingNames: readonly string[] = Object.keys(SHAPES);

/** Says which names are no settings, and which values are not of the shape that their rules rely on. */
export function shapeProblems(settings: DeploymentSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (!Object.hasOwn(SHAPES, name))
      return [`unknown setting "${name}", allowed: ${settingNames.join(", ")}`];
    if (value === undefined) return [];
    const problem = mismatch(name, SHAPES[name as keyof typeof SHAPES], value);
    return problem === undefined ? [] : [`${name} must be ${problem}, got ${JSON.stringify(value)}`];
  });
}

function mismatch(name: string, shape: Shape, value: unknown): string | undefined {
  if (shape === "flag") return typeof value === "boolean" ? undefined : "true or false";
  if (shape === "list") return Array.isArray(value) ? undefined : "a list";
  if (shape === "value") return undefined;
  if (kindOf(value) !== "object") return "an object";
  const entries = value as Record<string, unknown>;
  const wrong = (FIELDS[name] ?? []).filter(([field, kind]) => kindOf(entries[field]) !== kind);
  if (wrong.length > 0)
    return `an object with ${wrong.map(([field, kind]) => `${field} (${kind})`).join(", ")}`;
  if (name === "environmentSecrets" && Object.values(entries).some((entry) => kindOf(entry) !== "object"))
    return 'an object such as { PARTNER_KEY: { arn: "..." } }';
  if (name === "instanceCertificate" && !isCertificate(entries))
    return 'either { secretArn: "..." } or { acmExport: true }';
  return undefined;
}

function isCertificate({ secretArn, acmExport }: Record<string, unknown>): boolean {
  return acmExport === undefined
    ? typeof secretArn === "string"
    : acmExport === true && secretArn === undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return value === null ? "nothing" : typeof value;
}
