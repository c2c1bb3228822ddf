/** A value of the Query protocol: everything on the wire is text. */
export type QueryValue = string | QueryValue[] | { [name: string]: QueryValue };

/**
 * Returns the parameters of a call: `A.1.B=x` and `A.member.1.B=x` become `{ A: [{ B: "x" }] }`.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/Using_Query_API.html
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-query-api.html
 */
export function decodeQuery(body: string): Record<string, QueryValue> {
  const root: Record<string, QueryValue> = {};
  for (const [path, value] of new URLSearchParams(body)) {
    const parts = path.split(".").filter((part) => part !== "member");
    let place: Record<string, QueryValue> = root;
    for (const part of parts.slice(0, -1)) {
      const inner = place[part] ?? {};
      place[part] = inner;
      place = inner as Record<string, QueryValue>;
    }
    place[parts.at(-1) ?? ""] = value;
  }
  return withLists(root) as Record<string, QueryValue>;
}

function withLists(value: QueryValue): QueryValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name));
  if (!isList) return Object.fromEntries(entries);
  return entries.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, inner]) => inner);
}

/** How a service writes its answers. */
export interface XmlStyle {
  /** Element around each entry of a list. */
  entry: "item" | "member";
  /** Returns the element of a field of the SDK, inside of another one. */
  element(field: string, inside: string): string;
}

/** Returns an answer as XML. */
export function encodeXml(value: unknown, style: XmlStyle, inside = ""): string {
  if (Array.isArray(value)) {
    return value.map((one) => `<${style.entry}>${encodeXml(one, style, inside)}</${style.entry}>`).join("");
  }
  if (typeof value !== "object" || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([field, inner]) => {
      const element = style.element(field, inside);
      return `<${element}>${encodeXml(inner, style, field)}</${element}>`;
    })
    .join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
