import type { BundleEntry } from "./entry.ts";

/** Largest bundle: 1.5 MB. It is uploaded and unpacked at each deployment, on each instance. */
export const MAX_BUNDLE_BYTES = 1_500_000;

const FORBIDDEN_NAMES =
  /(^|\/)(test|tests|__tests__)(\/|$)|\.(test|spec)\.[cm]?[jt]s$|\.(map|pem|key|p12|ts|bak|orig|rej)$|~$/;

/**
 * Names that begin with a dot: settings, leftovers of file managers and editors, and `..`. Only the platform's own
 * folders are meant to have one. A folder such as `public` is taken whole, and all of it can be fetched.
 */
const HIDDEN_NAMES = /^(?!\.(?:ebextensions|platform)\/)\.|\/\./;

const FORBIDDEN_TEXT: readonly { what: string; pattern: RegExp }[] = [
  { what: "a source map", pattern: /[#@] ?sourceMappingURL=\S/ },
  { what: "a private key", pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=]{40}/ },
  { what: "an AWS access key", pattern: /\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}\b/ },
  { what: "a signed token", pattern: /X-Amz-Signature(?:=|%3D)[0-9a-f]{64}/i },
  { what: "a made-up secret of the local servers", pattern: /MadeUpSecret[A-Za-z0-9/+]{16}/ },
];

/**
 * Says what must not be in a bundle and is: tests, source maps, keys, paths of this machine, hooks that cannot run.
 *
 * @param machinePaths - Folders of this machine, none of which may be named: the repository, the home folder.
 */
export function refusedContent(entries: readonly BundleEntry[], machinePaths: readonly string[]): string[] {
  return entries.flatMap((entry) => {
    const { path, isExecutable } = entry;
    const text = new TextDecoder("latin1").decode(entry.content);
    return [
      ...(FORBIDDEN_NAMES.test(path) || HIDDEN_NAMES.test(path)
        ? [`${path}: files of this kind stay out`]
        : []),
      ...FORBIDDEN_TEXT.filter(({ pattern }) => pattern.test(text)).map(
        ({ what }) => `${path}: holds ${what}`,
      ),
      ...machinePaths
        .filter((folder) => text.includes(`${folder}/`))
        .map((folder) => `${path}: names ${folder}, a folder of this machine`),
      ...(isHook(path) && !isExecutable ? [`${path}: a hook must be executable (chmod +x)`] : []),
      ...(isHook(path) && !text.startsWith("#!") ? [`${path}: a hook must begin with #!`] : []),
    ];
  });
}

function isHook(path: string): boolean {
  return /^\.platform\/(config)?hooks\//.test(path);
}
