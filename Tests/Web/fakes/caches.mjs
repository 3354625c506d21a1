// The browser's cache as a map. Answers are given by value, as a real one does.
export function fakeCaches() {
  const files = new Map()
  const cache = {
    match: async url => files.get(url)?.clone(),
    put: async (url, response) => {
      const bytes = await response.arrayBuffer()
      files.set(url, new Response(bytes, { headers: response.headers }))
    },
    delete: async url => files.delete(url),
  }
  return { files, open: async () => cache }
}
