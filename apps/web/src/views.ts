import { Eta } from "eta";
import type { Assets } from "./assets.ts";

/** Returns the HTML of a view in `views/`, for example `render("notebook/list", { notes })`. */
export type Render = (view: string, data: object) => string;

/** What every view finds in `it` beside its own data. */
interface SharedViewData {
  /** Address of a file in `public/`, with its content hash: `<%= it.asset("style.css") %>`. */
  asset: (name: string) => string;
  /** Whether the hops page is on, so that the layout shows its link only then. */
  hopsPage: boolean;
}

/** Where the views are and what they share. */
export interface ViewOptions {
  directory: string;
  assets: Assets;
  hopsPage: boolean;
  /** Keep compiled views in memory; off while a person edits them. */
  cache?: boolean;
}

/**
 * Returns the render function of the app. Every `<%= %>` is escaped: what a person wrote is shown as
 * it was written, and never becomes markup. `<%~ %>` is for the layout's own body only.
 */
export function createRender(options: ViewOptions): Render {
  const eta = new Eta({ views: options.directory, autoEscape: true, cache: options.cache ?? true });
  const shared: SharedViewData = { asset: options.assets.url, hopsPage: options.hopsPage };
  return (view, data) => eta.render(`/${view}`, { ...shared, ...data });
}
