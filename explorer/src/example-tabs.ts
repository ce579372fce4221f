/** A tab of GraphiQL's as it opens. */
export interface ExampleTab {
  readonly query: string;
}

/**
 * The queries that a first visit opens with, a tab each.
 *
 * `today` decides the day of the flight search, since flights are on sale for the days to come.
 */
export function exampleTabs(today: Date): ExampleTab[] {
  return [signInAsAda, orderPage, flightSearch(inTwoWeeks(today))].map((query) => ({ query }));
}

const signInAsAda = `# Run this first, with the button or Ctrl-Enter.
# From then on the explorer sends the token.
# Others: grace@example.com, root@example.com.
mutation SignInAsAda {
  signIn(
    input: {
      email: "ada@example.com"
      password: "waterfall"
    }
  ) {
    accessToken
    expiresAt
    user {
      name
    }
    problems {
      code
      message
    }
  }
}
`;

const orderPage = `# A whole page of orders, from seven backends.
# Orders and bookings do not wait for the user,
# and each list costs one call: see below.
query OrderPage {
  me {
    name
    orders(first: 10) {
      nodes {
        id
        status
        placedAt
        total {
          amount
          currency
        }
        items {
          quantity
          product {
            name
            price {
              amount
            }
            stock {
              available
            }
          }
        }
        payment {
          status
        }
      }
    }
    bookings(first: 5) {
      nodes {
        reference
        status
        flight {
          number
          departsAt
        }
      }
    }
  }
}
`;

const flightSearch = (date: string) => `# The pricing backend has no bulk read: each
# offer is one call, but all run side by side.
# Put the offer into \`... @defer { }\`, and the
# list comes first, with the prices after it.
query FlightSearch {
  flights(
    first: 5
    search: {
      origin: "LHR"
      destination: "JFK"
      date: "${date}"
    }
  ) {
    totalCount
    nodes {
      id
      number
      airline
      departsAt
      arrivesAt
      origin {
        city
      }
      destination {
        city
      }
      offer(passengers: 2) {
        price {
          amount
          currency
        }
        seatsLeft
        expiresAt
      }
    }
  }
}
`;

/** A calendar day, YYYY-MM-DD. */
function inTwoWeeks(today: Date): string {
  return new Date(today.getTime() + 14 * 24 * 60 * 60_000).toISOString().slice(0, 10);
}
