import { Counter, Histogram, type Registry } from 'prom-client';
import { byKey } from './by-key.ts';

/**
 * Counters and histograms that cost an addition or two.
 *
 * prom-client checks and hashes the labels of each observation, which together is more than most of an operation. So
 * what is counted stands in plain numbers, one place for each combination of labels, and prom-client is given them when
 * somebody scrapes.
 */
export interface TallyOptions {
  readonly name: string;
  readonly help: string;
  /** In the order in which their values are given. */
  readonly labelNames?: readonly string[];
  readonly registry: Registry;
}

type Labels = Readonly<Record<string, string>>;

/** What one combination of labels has come to. */
export class Tally {
  value = 0;

  add(amount = 1): void {
    this.value += amount;
  }
}

/** Makes a counter; the returned function gives the place of a combination of label values. */
export function createCounter({
  name,
  help,
  labelNames = [],
  registry,
}: TallyOptions): (...values: readonly string[]) => Tally {
  const places: { readonly labels: Labels; readonly tally: Tally }[] = [];
  const placeOf = byKey((...values: readonly string[]) => {
    const tally = new Tally();
    places.push({ labels: toLabels(labelNames, values), tally });
    return tally;
  });
  // Without labels there is one place from the beginning, so that the figure is there before it happens.
  if (labelNames.length === 0) placeOf();
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, tally } of places) this.inc(labels, tally.value);
    },
  });
  return placeOf;
}

/** The observations of one combination of labels. */
export class Distribution {
  readonly bounds: readonly number[];
  /** Observations up to each bound and above the one before, then those above all. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
    counts[at] = (counts[at] ?? 0) + 1;
    this.sum += value;
  }
}

/** Makes a histogram; the returned function gives the place of a combination of label values. */
export function createHistogram({
  buckets,
  ...options
}: TallyOptions & { readonly buckets: readonly number[] }): (...values: readonly string[]) => Distribution {
  const { labelNames = [] } = options;
  const places = new Map<Distribution, Labels>();
  const placeOf = byKey((...values: readonly string[]) => {
    const distribution = new Distribution(buckets);
    places.set(distribution, toLabels(labelNames, values));
    return distribution;
  });
  if (labelNames.length === 0) placeOf();
  new TalliedHistogram(options, buckets, places);
  return placeOf;
}

/** One line of what is told. */
interface Line {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** prom-client's histogram as far as it is registered and told; what it tells is counted elsewhere. */
class TalliedHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #places: ReadonlyMap<Distribution, Labels>;

  constructor(
    { name, help, labelNames = [], registry }: TallyOptions,
    buckets: readonly number[],
    places: ReadonlyMap<Distribution, Labels>,
  ) {
    super({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#places = places;
  }

  /** What the registry asks a histogram for, in place of its own observations. */
  async getForPromString() {
    const name = this.#name;
    const values = [...this.#places].flatMap(([place, labels]) => toLines(name, place, labels));
    return { name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }
}

/** The lines of one combination: buckets that hold those below them too, the sum, the count. */
function toLines(name: string, { bounds, counts, sum }: Distribution, labels: Labels): readonly Line[] {
  let count = 0;
  const buckets = counts.map((each, index): Line => {
    count += each;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

function toLabels(names: readonly string[], values: readonly string[]): Labels {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
