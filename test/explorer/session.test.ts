import { describe, expect, it } from 'vitest';
import { createSession } from '../../explorer/src/session.ts';
import { adasToken } from './explorer-world.ts';
import { createMemoryStorage } from './memory-storage.ts';

const ada = { token: adasToken, name: 'Ada', expiresAt: null };

describe('createSession', () => {
  it('traces until told not to, and keeps that', () => {
    const storage = createMemoryStorage();
    const session = createSession(storage);
    expect(session.get().trace).toBe(true);
    session.setTrace(false);
    expect(createSession(storage).get().trace).toBe(false);
  });

  it('keeps who signed in for as long as its storage does', () => {
    const storage = createMemoryStorage();
    createSession(storage).adopt(ada);
    expect(createSession(storage).liveToken()).toBe(adasToken);
    createSession(storage).signOut();
    expect(createSession(storage).get().signedIn).toBeNull();
    expect(JSON.stringify({ ...storage })).not.toContain(adasToken);
  });

  it('reads from the token when it ends, and sends none that has', () => {
    let now = 4_102_444_799_000;
    const session = createSession(createMemoryStorage(), () => now);
    session.adopt(ada);
    expect(session.get().signedIn?.expiresAt).toBe(4_102_444_800_000);
    expect(session.liveToken()).toBe(adasToken);
    now += 1000;
    expect(session.liveToken()).toBeNull();
    expect(session.get()).toMatchObject({ signedIn: null, notice: expect.stringContaining('run out') });
  });

  it('takes a token that is no JSON Web Token, and a storage that holds nonsense', () => {
    const session = createSession(createMemoryStorage({ 'weir.signedIn': '{"token":5' }));
    expect(session.get().signedIn).toBeNull();
    session.adopt({ token: 'opaque', name: null, expiresAt: null });
    expect(session.liveToken()).toBe('opaque');
  });

  it('tells who watches, until they stop', () => {
    const session = createSession(createMemoryStorage());
    const heard: (string | null)[] = [];
    const stop = session.subscribe(() => heard.push(session.get().signedIn?.name ?? null));
    session.adopt(ada);
    session.signOut('bye');
    stop();
    session.adopt(ada);
    expect(heard).toEqual(['Ada', null]);
  });
});
