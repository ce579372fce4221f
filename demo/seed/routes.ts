/** A pair of airports that is flown both ways. */
export interface SeededRoute {
  readonly from: string;
  readonly to: string;
  /** Departures a day, each way. */
  readonly daily: number;
}

/** From, then `to:daily` for each place that is flown to from there. New pairs go last: numbers follow the order. */
const network: readonly (readonly [from: string, to: string])[] = [
  ['LHR', 'JFK:6 CDG:3 AMS:3 FRA:2 EDI:3 DUB:2 MAD:1 BCN:1 LIS:1 FCO:1 ATH:1 ZRH:1 GVA:1 CPH:1 ARN:1 OSL:1'],
  ['LHR', 'BOS:2 IAD:1 ORD:1 LAX:2 SFO:1 MIA:1 SEA:1 YYZ:1 DXB:2 DOH:1 DEL:1 BLR:1 SIN:2 HKG:1 HND:1 JNB:1'],
  ['CDG', 'JFK:3 AMS:1 FRA:1 MAD:1 BCN:1 LIS:1 FCO:1 CMN:1 GRU:1 HND:1 BER:1 WAW:1 PRG:1 VIE:1 CAI:1 ATL:1'],
  ['FRA', 'JFK:2 ORD:1 BER:2 MUC:2 VIE:1 ZRH:1 WAW:1 PRG:1 BUD:1 IST:1 DEL:1 SIN:1 GRU:1 ICN:1 HEL:1 BRU:1'],
  ['AMS', 'JFK:1 BRU:1 CPH:1 OSL:1 ARN:1 HEL:1 KEF:1 MEX:1 NBO:1 CPT:1 BUD:1'],
  ['MAD', 'LIS:1 BCN:2 BOG:1 LIM:1 EZE:1 SCL:1 MEX:1 MIA:1'],
  ['JFK', 'LAX:3 SFO:2 BOS:2 ORD:2 MIA:2 SEA:1 DEN:1 ATL:1 IAD:1 YYZ:1 MEX:1 GRU:1 KEF:1'],
  ['LAX', 'SFO:2 SEA:1 DEN:1 HND:1 ICN:1 SYD:1 AKL:1'],
  ['DXB', 'DOH:1 DEL:1 BLR:1 SIN:1 BKK:1 NBO:1 JNB:1 CAI:1 IST:1 PER:1 SYD:1'],
  ['SIN', 'BKK:2 HKG:1 HND:1 ICN:1 SYD:1 PER:1 AKL:1 DEL:1'],
  ['HND', 'ICN:2 HKG:1 BKK:1'],
  ['SYD', 'AKL:1 PER:1'],
  ['JNB', 'CPT:2 NBO:1'],
  ['GRU', 'EZE:1 SCL:1 LIM:1 BOG:1'],
];

/** The routes of the demo, each pair once, in the order that flight numbers follow. */
export function seededRoutes(): SeededRoute[] {
  return network.flatMap(([from, destinations]) =>
    destinations.split(' ').map((destination) => {
      const [to = '', daily] = destination.split(':');
      return { from, to, daily: Number(daily) };
    }),
  );
}
