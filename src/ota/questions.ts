/**
 * The updater's own questions to the platform: is a package still wanted, and what is its address
 * now (`…/thing/ota/firmware/get`).
 * @module
 */
import type { AliIot } from "../ali/aliiot.ts";
import { identify } from "./identity.ts";
import { type OtaPackage, offersPackage, readPackage } from "./package.ts";

/** No answer, or one about another package. */
export const UNKNOWN = 0;
/** The platform offers the package. */
export const OFFERED = 1;
/** The platform offers none. */
export const NOTHING = 2;

/** What came of a question; the package where it is offered, with fresh addresses. */
export type Answer = (word: number, pkg: OtaPackage | undefined) => void;

export class Questions {
  private readonly server: AliIot;
  private id = "";
  private word = UNKNOWN;
  private pkg: OtaPackage | undefined;
  private asking: Answer | undefined;

  constructor(server: AliIot) {
    this.server = server;
  }

  /** Asks for the package of a module that has the identity `id`; a new question drops the old. */
  ask(module: string, id: string, answer: Answer): void {
    this.id = id;
    this.word = UNKNOWN;
    this.pkg = undefined;
    this.asking = answer;
    this.server.otaFirmwareGet(module).then(() => {
      if (this.asking !== answer) return;
      const pkg = this.pkg;
      this.asking = this.pkg = undefined;
      answer(this.word, pkg);
    });
  }

  /** Wants no answer any more. */
  drop(): void {
    this.asking = undefined;
  }

  get waiting(): boolean {
    return !!this.asking;
  }

  /** Takes an answer of the platform; false: it is not about the package in question. */
  take(reply: any): boolean {
    if (!offersPackage(reply)) {
      this.word = NOTHING;
      return true;
    }
    try {
      const pkg = readPackage(reply);
      if (identify(pkg) !== this.id) return false;
      this.word = OFFERED;
      this.pkg = pkg;
    } catch (_error) {
      return false;
    }
    return true;
  }
}
