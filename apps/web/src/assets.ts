import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, parse } from "node:path";
import type { IRouter } from "express";
import { WebError } from "./errors.ts";
import { addRoute } from "./routes.ts";

/** The files under `public/`, read once at start and served with a content hash in their name. */
export interface Assets {
  /** Returns the address of a file in `public/`, for example `/assets/style.3f2a9c01b7de.css`. */
  url(name: string): string;
  /** Returns the file behind the last part of an address, or `undefined` when there is none. */
  find(fileName: string): Asset | undefined;
}

/** One file, and whether the address asked for is the one of exactly this content. */
interface Asset {
  content: Buffer;
  contentType: string;
  isCurrent: boolean;
}

interface StoredFile {
  content: Buffer;
  contentType: string;
  hashedName: string;
}

const CONTENT_TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const HASH_CHARACTERS = 12;
const HASHED_NAME = new RegExp(`^(.+)\\.[0-9a-f]{${HASH_CHARACTERS}}(\\.[a-z0-9]+)$`);

/**
 * Reads every file of a folder (not its subfolders) and returns them with their addresses.
 *
 * @throws Error when a file has an ending whose content type is not known.
 */
export function loadAssets(directory: string): Assets {
  const files = new Map<string, StoredFile>();
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile()) files.set(entry.name, readAsset(directory, entry.name));
  }
  return {
    url(name) {
      const file = files.get(name);
      if (file === undefined) throw new Error(`no asset "${name}": it must be a file in public/`);
      return `/assets/${file.hashedName}`;
    },
    find(fileName) {
      const plainName = fileName.replace(HASHED_NAME, "$1$2");
      const file = files.get(plainName);
      return file && { ...file, isCurrent: fileName === file.hashedName };
    },
  };
}

function readAsset(directory: string, name: string): StoredFile {
  const contentType = CONTENT_TYPES[extname(name)];
  if (contentType === undefined) {
    throw new Error(
      `asset "${name}" has no known content type: use one of ${Object.keys(CONTENT_TYPES).join(" ")}`,
    );
  }
  const content = readFileSync(join(directory, name));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, HASH_CHARACTERS);
  const { name: stem, ext } = parse(name);
  return { content, contentType, hashedName: `${stem}.${hash}${ext}` };
}

/** Adds `GET /assets/{file}`: a year of cache for the current content, revalidation for any other. */
export function addAssetRoutes(router: IRouter, assets: Assets): void {
  addRoute(router, "/assets/:file", {
    get: (request, response) => {
      const asset = assets.find(String(request.params.file));
      if (asset === undefined) throw new WebError(404, "WEB_RESOURCE_NOT_FOUND", "There is no such file.");
      // During a rolling deployment a page of the other version asks for a hash that is not ours: it
      // gets our file rather than a page without style, and keeps it no longer than that page.
      const cacheControl = asset.isCurrent ? "public, max-age=31536000, immutable" : "no-cache";
      response.set({ "Content-Type": asset.contentType, "Cache-Control": cacheControl });
      response.send(asset.content);
    },
  });
}
