import type { CertMaterial, CertSource } from "../../src/index.ts";

/** A source whose answer the test sets, and whose changes the test announces. */
export class SwitchableSource implements CertSource {
  answer: (signal?: AbortSignal) => Promise<CertMaterial>;
  loads = 0;
  watchers = 0;
  #onChange: () => void = () => undefined;

  constructor(first: CertMaterial) {
    this.answer = async () => first;
  }

  load(signal?: AbortSignal): Promise<CertMaterial> {
    this.loads++;
    return this.answer(signal);
  }

  watch(onChange: () => void): Disposable {
    this.watchers++;
    this.#onChange = onChange;
    return { [Symbol.dispose]: () => void this.watchers-- };
  }

  give(material: CertMaterial): void {
    this.answer = async () => material;
  }

  announce(): void {
    this.#onChange();
  }
}
