import { announce } from '../ready.ts';
import { createBenchBackend } from './server.ts';

const { url, token } = await createBenchBackend();
announce({ url, token });
