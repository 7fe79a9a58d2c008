/** What shows a request to be the user's. */
export interface Credential {
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** A client certificate and its key, PEM. */
  readonly pair?: { readonly cert: string; readonly key: string };
  /** Epoch ms; absent where nobody says. */
  readonly expiresAt?: number;
}

/** A credential that would end within this is renewed first: a request may be on its way for a while. */
const leadMs = 30_000;

/** The credential in use, obtained anew before it expires and where the API server refuses it. */
export class Credentials {
  private readonly obtain: () => Promise<Credential>;
  private readonly now: () => number;
  private held: Promise<Credential> | undefined;

  constructor(obtain: () => Promise<Credential>, now: () => number = Date.now) {
    this.obtain = obtain;
    this.now = now;
  }

  /** Returns one that holds for a while yet; those who ask at once share one answer. @throws what obtaining it throws. */
  async current(): Promise<Credential> {
    const asked = (this.held ??= this.fresh());
    const credential = await asked;
    if (credential.expiresAt === undefined || credential.expiresAt > this.now() + leadMs) return credential;
    return this.replace(asked);
  }

  /** Obtains another in place of one that was refused; returns undefined where the new one says the same. */
  async renew(refused: Credential): Promise<Credential | undefined> {
    const asked = this.held;
    const known = await asked;
    const next = known === refused && asked !== undefined ? await this.replace(asked) : known;
    return next === undefined || saysTheSame(next, refused) ? undefined : next;
  }

  private replace(stale: Promise<Credential>): Promise<Credential> {
    if (this.held === stale) this.held = this.fresh();
    return this.held ?? this.fresh();
  }

  private fresh(): Promise<Credential> {
    const asked = this.obtain();
    asked.catch(() => {
      if (this.held === asked) this.held = undefined;
    });
    return asked;
  }
}

function saysTheSame(one: Credential, other: Credential): boolean {
  return JSON.stringify([one.headers, one.pair]) === JSON.stringify([other.headers, other.pair]);
}
