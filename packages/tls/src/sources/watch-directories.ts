import { type FSWatcher, watch } from "node:fs";

/** Settings of `watchDirectories`. */
export interface WatchOptions {
  /** Milliseconds for which the changes that follow a first one are taken together. */
  readonly debounceMs: number;
  /** Milliseconds between two calls when no change is seen. */
  readonly pollMs: number;
}

/**
 * Calls back after a change in one of the directories, and every `pollMs` anyway.
 *
 * Directories, because a rename or a symlink swap puts a new file in the old one's place, and a watch on the old
 * file would never hear of it. The poll covers what no watch sees: network file systems, links that lead
 * through other directories, and a directory that was itself replaced.
 */
export function watchDirectories(
  directories: readonly string[],
  onChange: () => void,
  { debounceMs, pollMs }: WatchOptions,
): Disposable {
  let watchers: FSWatcher[] = [];
  let pending: NodeJS.Timeout | undefined;
  const soon = () => {
    pending ??= setTimeout(() => {
      pending = undefined;
      onChange();
    }, debounceMs).unref();
  };
  const stopWatching = () => {
    for (const watcher of watchers) watcher.close();
  };
  const startWatching = () => {
    stopWatching();
    watchers = directories.flatMap((directory) => openWatch(directory, soon));
  };
  const poll = setInterval(() => {
    startWatching();
    onChange();
  }, pollMs).unref();
  startWatching();
  return {
    [Symbol.dispose]() {
      clearInterval(poll);
      clearTimeout(pending);
      stopWatching();
    },
  };
}

/** Returns no watcher where there is nothing to watch: the next poll tries again. */
function openWatch(directory: string, onEvent: () => void): FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, onEvent);
    watcher.on("error", onEvent);
    return [watcher];
  } catch {
    return [];
  }
}
