import { createHttpServer, type ServerTimes, serverTimes } from './http-server.ts';
import type { Handler } from './routes.ts';
import type { Upgrade } from './websocket.ts';

export interface AdminDoor {
  readonly handler: Handler;
  readonly host: string;
  readonly port: number;
  /** Whether an operator has named the port. One that nobody named may be another where it is taken. */
  readonly chosen: boolean;
}

export interface DoorsOptions {
  readonly handler: Handler;
  /** What is for operators alone; null where it is behind the one door. */
  readonly admin: AdminDoor | null;
  readonly times?: ServerTimes;
  /** Takes WebSockets; left out, an upgrade is refused. */
  readonly upgrade?: Upgrade;
  readonly warn: (message: string) => void;
}

/** Where a gateway listens: one port for everybody, and one for operators where they have their own. */
export interface Doors {
  /** Resolves with the address for everybody. Rejects with the system's error where a port cannot be had. */
  listen(port: number, host: string): Promise<string>;
  /** Where operators ask; null before `listen`. */
  readonly adminAddress: string | null;
  /** Goes on serving until nobody comes any more. Operators are served to the end. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Opens nothing yet; `listen` does. */
export function createDoors({ handler, admin, times = serverTimes, upgrade, warn }: DoorsOptions): Doors {
  const front = createHttpServer(handler, times, upgrade ?? null);
  const back = admin === null ? null : createHttpServer(admin.handler, { ...times, endMs: 1_000 });
  let adminAddress: string | null = null;

  const openBack = async (server: NonNullable<typeof back>, door: AdminDoor): Promise<string> => {
    try {
      return await server.listen(door.port, door.host);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (door.chosen || !isTaken) throw error;
      // Several gateways on one machine, each with a PORT of its own, must not need a second setting each.
      const address = await server.listen(0, door.host);
      warn(`Port ${door.port} is taken, so operators ask at ${address}. Set ADMIN_PORT to choose.`);
      return address;
    }
  };

  return {
    async listen(port, host) {
      if (back !== null && admin !== null) adminAddress = await openBack(back, admin);
      try {
        const address = await front.listen(port, host);
        adminAddress ??= address;
        return address;
      } catch (error) {
        await back?.close();
        throw error;
      }
    },
    get adminAddress() {
      return adminAddress;
    },
    drain: () => front.drain(),
    async close() {
      await front.close();
      await back?.close();
    },
  };
}
