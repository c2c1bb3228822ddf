import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../ebextensions/lint.ts";
import { type BundleEntry, fileEntry, folderEntries, textEntry } from "./entry.ts";

/** Its presence keeps Beanstalk from running `npm install`, which needs the Internet. */
const NODE_MODULES_NOTE = `Everything the app needs is in the folder app.

Elastic Beanstalk installs nothing when this folder exists:
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/nodejs-platform-dependencies.html
`;

/**
 * Returns every file of the source bundle, in no particular order.
 *
 * @param root - The repository.
 * @param app - The compiled app.
 * @param ebextensions - The configuration files chosen for the topology.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-sourcebundle.html
 */
export function bundleContents(
  root: string,
  app: readonly BundleEntry[],
  ebextensions: readonly SourceFile[],
): BundleEntry[] {
  const web = join(root, "apps/web");
  const platform = join(web, "platform");
  const hooks = join(platform, "hooks");
  return [
    ...app,
    ...folderEntries("views", join(web, "views")),
    ...folderEntries("public", join(web, "public")),
    textEntry("package.json", manifest(root)),
    textEntry("node_modules/README.md", NODE_MODULES_NOTE),
    fileEntry("Procfile", join(platform, "Procfile")),
    ...folderEntries(".platform/hooks", hooks),
    // A deployment of the configuration registers the service anew, and must leave the same behind.
    ...folderEntries(".platform/confighooks", hooks),
    ...folderEntries(".platform/nginx", join(platform, "nginx")),
    ...ebextensions.map(({ name, text }) => textEntry(`.ebextensions/${name}`, text)),
  ];
}

/** The platform's branch must have the Node version that `engines` names, or platform updates fail. */
function manifest(root: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const engines = { node: "24.x" };
  return `${JSON.stringify({ name, version, private: true, license, type: "module", engines }, null, 2)}\n`;
}
