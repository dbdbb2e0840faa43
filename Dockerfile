# Two stages: the build tools stay behind. BASE can be any image of Debian 12.
ARG BASE=debian:bookworm-slim
FROM ${BASE} AS build
WORKDIR /src
COPY tools/setup tools/setup
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates && tools/setup
COPY . .
# A builder may mount a compiler cache here.
ENV CCACHE_DIR=/ccache
RUN ./dev build && strip build/release/bin/packhouse

FROM ${BASE}
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      libspdlog1.10 libfmt9 libssl3 liblmdb0 libre2-9 libutf8proc2 libexpat1 libzstd1 libargon2-1 tzdata curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 7474 --home-dir /data packhouse \
 && install -d -o packhouse -g packhouse /data
COPY --from=build /src/build/release/bin/packhouse /usr/local/bin/packhouse
USER packhouse
VOLUME /data
# Inside a container every address is public; who publishes the ports decides who can reach them, or sets
# NEO4J_AUTH=neo4j/PASSWORD (as with Neo4j's image), which turns authentication on.
ENV PACKHOUSE_DATA=/data PACKHOUSE_BOLT=0.0.0.0:7687 PACKHOUSE_HTTP=0.0.0.0:7474 PACKHOUSE_ALLOW_UNAUTHENTICATED=true
EXPOSE 7687 7474
HEALTHCHECK --interval=5s --timeout=2s --start-period=2s CMD curl -fsS http://127.0.0.1:7474/health || exit 1
STOPSIGNAL SIGTERM
ENTRYPOINT ["packhouse"]
CMD ["serve"]
