import type { EventEmitter } from "node:events";

/** What the runner tells of one finished test. */
interface FinishedTest {
  readonly name: string;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly type?: string };
}

/** Counts tests, not files and suites, and keeps what was skipped and why. */
export class Tally {
  passed = 0;
  failed = 0;
  readonly skippedTests: string[] = [];
  /** Files of which no test was seen: they prove nothing, and pass. */
  readonly #emptyFiles: string[] = [];

  /** Counts every test that `tests` reports from now on. */
  follow(tests: EventEmitter): void {
    tests.on("test:pass", (test: FinishedTest) => this.#finish(test, true));
    tests.on("test:fail", (test: FinishedTest) => this.#finish(test, false));
  }

  #finish(test: FinishedTest, isPass: boolean): void {
    if (!isPass) {
      this.failed += 1;
      return;
    }
    if (test.details.type === "suite") return;
    // A file that holds no test at all is reported as one that passed, under the file's own name.
    if (test.name === test.file) {
      this.#emptyFiles.push(test.name);
      return;
    }
    const reason = test.skip ?? test.todo;
    if (reason === undefined || reason === false) {
      this.passed += 1;
      return;
    }
    this.skippedTests.push(`skipped: ${test.name} (${reason === true ? "no reason given" : reason})`);
  }

  /** Returns why the run as a whole is not a success; empty when it is. */
  problems(rules: { skippedTestsFail: boolean }): string[] {
    const problems: string[] = [];
    if (this.failed > 0) problems.push(`${this.failed} failed`);
    problems.push(...this.#emptyFiles.map((file) => `${file} holds no test`));
    if (this.passed === 0 && this.#emptyFiles.length === 0) problems.push("no test ran");
    if (rules.skippedTestsFail && this.skippedTests.length > 0) {
      problems.push(`${this.skippedTests.length} skipped, and in CI a skipped test is a failure`);
    }
    return problems;
  }

  /** Returns the closing line; `further` failures are those that no single test stands for. */
  summary(further = 0): string {
    return `${this.passed} passed, ${this.failed + further} failed, ${this.skippedTests.length} skipped`;
  }
}
