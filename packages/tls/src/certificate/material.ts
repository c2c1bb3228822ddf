import { inspect } from "node:util";

/** Holds what a certificate source delivers. All texts are PEM. */
export interface CertMaterial {
  /** Private key, unencrypted. */
  readonly key: string;
  /** Certificate of the server, followed by its intermediates if it has any. */
  readonly cert: string;
  /** Further intermediates, sent after `cert`. */
  readonly ca?: string;
  /** Name of this version at its source, for events and state. */
  readonly version?: string;
  /** Moment from which the source wants to be asked again, when it cannot tell by itself. */
  readonly renewAt?: Date;
}

/** Delivers certificates to a server, now and whenever they change. */
export interface CertSource {
  /** Returns the current certificate; rejects when there is none to be had. */
  load(signal?: AbortSignal): Promise<CertMaterial>;
  /** Calls back when it is worth loading again. The server compares, so a call too many does no harm. */
  watch?(onChange: () => void): Disposable;
}

/** Returns the material as an object whose key no print, spread or JSON shows. */
export function sealedMaterial(material: CertMaterial): CertMaterial {
  return new SealedMaterial(material);
}

/** Returns the chain as it goes over the wire: the server's certificate first. */
export function fullChain(material: CertMaterial): string {
  return material.ca === undefined ? material.cert : `${material.cert.trimEnd()}\n${material.ca}`;
}

/** Tells whether two materials hold the same certificates and the same key. */
export function isSameMaterial(a: CertMaterial, b: CertMaterial): boolean {
  return a.key === b.key && a.cert === b.cert && a.ca === b.ca;
}

class SealedMaterial implements CertMaterial {
  readonly #key: string;
  readonly cert: string;
  readonly ca?: string;
  readonly version?: string;
  readonly renewAt?: Date;

  constructor(material: CertMaterial) {
    this.#key = material.key;
    this.cert = material.cert;
    if (material.ca !== undefined) this.ca = material.ca;
    if (material.version !== undefined) this.version = material.version;
    if (material.renewAt !== undefined) this.renewAt = material.renewAt;
  }

  get key(): string {
    return this.#key;
  }

  [inspect.custom](): string {
    return `CertMaterial { version: ${this.version ?? "none"}, key: hidden }`;
  }
}
