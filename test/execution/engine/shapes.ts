/** Ten shapes of operations in which a batch can fall apart. */
export const shapes = {
  chain: '{ product(id: "3") { maker { owner { friend { name } } } } }',
  aliases: `{
    a: shelf(name: "a") { products { name } }
    b: shelf(name: "bb") { products { name } }
    c: shelf(name: "ccc") { products { name maker { name } } }
  }`,
  chunking: `{
    shelf(name: "long") { products { name maker { name } } }
    other: shelf(name: "longer") { products { name } }
    third: shelf(name: "a") { products { name } }
  }`,
  unrelated: `{
    report { text }
    shelf(name: "a") { products { name maker { name owner { name } } } }
    other: shelf(name: "b") { products { maker { name } } }
  }`,
  people: `{
    people(ids: ["2", "3", "4", "5"]) { name boss { name } orders { nodes { lines { product { name } } } } }
    person(id: "7") { friends { reviews { nodes { product { stock { available } } } } } }
    shelf(name: "ccc") { products { name } }
  }`,
  flights: `{
    search(first: 20) { origin { name } destination { name } offer(passengers: 2) { price } }
    later: search(first: 4) { origin { name } destination { name } offer(passengers: 1) { price } }
    report { text }
  }`,
  abstract: `{
    feed(first: 8) {
      ... on Book { title subject { name maker { name } } author { name } }
      ... on Disc { label subject { name stock { available } } artist { name friend { name } } }
    }
    product(id: "11") { maker { name owner { name } } }
  }`,
  fan: `{
    me {
      friend { name }
      orders(first: 4) { nodes { lines { quantity product { name maker { name } } } } }
      reviews { nodes { text product { name stock { available depot { city } } } } }
    }
  }`,
  unbalanced: `{
    product(id: "5") { name maker { name } }
    person(id: "8") { friend { friend { orders { nodes { lines { product { maker { name } } } } } } } }
    shelf(name: "zz") { products { maker { name } } }
    feed { ... on Book { author { reviews { nodes { product { maker { name } } } } } } }
  }`,
  sameEndpoint: `{
    person(id: "2") { friend { friend { friend { name } } } boss { boss { friends { name } } } }
    other: person(id: "30") { friends { friend { name boss { name } } } }
    product(id: "4") { similar { similar { maker { owner { friend { name } } } } } }
    shelf(name: "a") { products { maker { owner { name } } } }
  }`,
} as const;
