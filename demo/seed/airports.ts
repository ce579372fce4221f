/** An airport of the demo, with what its timetable is worked out from. */
export interface SeededAirport {
  /** IATA. */
  readonly code: string;
  readonly name: string;
  readonly city: string;
  /** IANA. */
  readonly timeZone: string;
  /** Degrees north of the equator. */
  readonly latitude: number;
  /** Degrees east of Greenwich. */
  readonly longitude: number;
}

const rows: readonly (readonly [string, string, string, string, number, number])[] = [
  ['AMS', 'Schiphol', 'Amsterdam', 'Europe/Amsterdam', 52.31, 4.76],
  ['ARN', 'Arlanda', 'Stockholm', 'Europe/Stockholm', 59.65, 17.92],
  ['ATH', 'Eleftherios Venizelos', 'Athens', 'Europe/Athens', 37.94, 23.94],
  ['ATL', 'Hartsfield-Jackson', 'Atlanta', 'America/New_York', 33.64, -84.43],
  ['AKL', 'Auckland', 'Auckland', 'Pacific/Auckland', -37.01, 174.79],
  ['BCN', 'Josep Tarradellas', 'Barcelona', 'Europe/Madrid', 41.3, 2.08],
  ['BER', 'Brandenburg', 'Berlin', 'Europe/Berlin', 52.36, 13.5],
  ['BKK', 'Suvarnabhumi', 'Bangkok', 'Asia/Bangkok', 13.69, 100.75],
  ['BLR', 'Kempegowda', 'Bengaluru', 'Asia/Kolkata', 13.2, 77.71],
  ['BOG', 'El Dorado', 'Bogotá', 'America/Bogota', 4.7, -74.15],
  ['BOS', 'Logan', 'Boston', 'America/New_York', 42.36, -71.01],
  ['BRU', 'Zaventem', 'Brussels', 'Europe/Brussels', 50.9, 4.48],
  ['BUD', 'Ferenc Liszt', 'Budapest', 'Europe/Budapest', 47.44, 19.26],
  ['CAI', 'Cairo', 'Cairo', 'Africa/Cairo', 30.12, 31.41],
  ['CDG', 'Charles de Gaulle', 'Paris', 'Europe/Paris', 49.01, 2.55],
  ['CMN', 'Mohammed V', 'Casablanca', 'Africa/Casablanca', 33.37, -7.59],
  ['CPH', 'Kastrup', 'Copenhagen', 'Europe/Copenhagen', 55.62, 12.66],
  ['CPT', 'Cape Town', 'Cape Town', 'Africa/Johannesburg', -33.97, 18.6],
  ['DEL', 'Indira Gandhi', 'Delhi', 'Asia/Kolkata', 28.57, 77.1],
  ['DEN', 'Denver', 'Denver', 'America/Denver', 39.86, -104.67],
  ['DOH', 'Hamad', 'Doha', 'Asia/Qatar', 25.27, 51.61],
  ['DUB', 'Dublin', 'Dublin', 'Europe/Dublin', 53.42, -6.27],
  ['DXB', 'Dubai', 'Dubai', 'Asia/Dubai', 25.25, 55.36],
  ['EDI', 'Edinburgh', 'Edinburgh', 'Europe/London', 55.95, -3.37],
  ['EZE', 'Ministro Pistarini', 'Buenos Aires', 'America/Argentina/Buenos_Aires', -34.82, -58.54],
  ['FCO', 'Leonardo da Vinci', 'Rome', 'Europe/Rome', 41.8, 12.24],
  ['FRA', 'Frankfurt', 'Frankfurt', 'Europe/Berlin', 50.03, 8.56],
  ['GRU', 'Guarulhos', 'São Paulo', 'America/Sao_Paulo', -23.44, -46.47],
  ['GVA', 'Cointrin', 'Geneva', 'Europe/Zurich', 46.24, 6.11],
  ['HEL', 'Vantaa', 'Helsinki', 'Europe/Helsinki', 60.32, 24.96],
  ['HKG', 'Chek Lap Kok', 'Hong Kong', 'Asia/Hong_Kong', 22.31, 113.91],
  ['HND', 'Haneda', 'Tokyo', 'Asia/Tokyo', 35.55, 139.78],
  ['IAD', 'Dulles', 'Washington', 'America/New_York', 38.94, -77.46],
  ['ICN', 'Incheon', 'Seoul', 'Asia/Seoul', 37.46, 126.44],
  ['IST', 'Istanbul', 'Istanbul', 'Europe/Istanbul', 41.28, 28.75],
  ['JFK', 'John F. Kennedy', 'New York', 'America/New_York', 40.64, -73.78],
  ['JNB', 'O. R. Tambo', 'Johannesburg', 'Africa/Johannesburg', -26.14, 28.25],
  ['KEF', 'Keflavík', 'Reykjavík', 'Atlantic/Reykjavik', 63.99, -22.61],
  ['LAX', 'Los Angeles', 'Los Angeles', 'America/Los_Angeles', 33.94, -118.41],
  ['LHR', 'Heathrow', 'London', 'Europe/London', 51.47, -0.45],
  ['LIM', 'Jorge Chávez', 'Lima', 'America/Lima', -12.02, -77.11],
  ['LIS', 'Humberto Delgado', 'Lisbon', 'Europe/Lisbon', 38.77, -9.13],
  ['MAD', 'Barajas', 'Madrid', 'Europe/Madrid', 40.47, -3.57],
  ['MEX', 'Benito Juárez', 'Mexico City', 'America/Mexico_City', 19.44, -99.07],
  ['MIA', 'Miami', 'Miami', 'America/New_York', 25.79, -80.29],
  ['MUC', 'Franz Josef Strauss', 'Munich', 'Europe/Berlin', 48.35, 11.79],
  ['NBO', 'Jomo Kenyatta', 'Nairobi', 'Africa/Nairobi', -1.32, 36.93],
  ['ORD', "O'Hare", 'Chicago', 'America/Chicago', 41.98, -87.9],
  ['OSL', 'Gardermoen', 'Oslo', 'Europe/Oslo', 60.19, 11.1],
  ['PER', 'Perth', 'Perth', 'Australia/Perth', -31.94, 115.97],
  ['PRG', 'Václav Havel', 'Prague', 'Europe/Prague', 50.1, 14.26],
  ['SCL', 'Arturo Merino Benítez', 'Santiago', 'America/Santiago', -33.39, -70.79],
  ['SEA', 'Tacoma', 'Seattle', 'America/Los_Angeles', 47.45, -122.31],
  ['SFO', 'San Francisco', 'San Francisco', 'America/Los_Angeles', 37.62, -122.38],
  ['SIN', 'Changi', 'Singapore', 'Asia/Singapore', 1.36, 103.99],
  ['SYD', 'Kingsford Smith', 'Sydney', 'Australia/Sydney', -33.95, 151.18],
  ['VIE', 'Schwechat', 'Vienna', 'Europe/Vienna', 48.11, 16.57],
  ['WAW', 'Chopin', 'Warsaw', 'Europe/Warsaw', 52.17, 20.97],
  ['YYZ', 'Pearson', 'Toronto', 'America/Toronto', 43.68, -79.63],
  ['ZRH', 'Kloten', 'Zurich', 'Europe/Zurich', 47.46, 8.55],
];

/** The 60 airports of the demo, by code. */
export function seededAirports(): SeededAirport[] {
  return rows
    .map(([code, name, city, timeZone, latitude, longitude]) => ({
      code,
      name,
      city,
      timeZone,
      latitude,
      longitude,
    }))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}
