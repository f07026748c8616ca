# One static program in an empty image. GO_IMAGE is any image that has Go in /usr/local/go, as the official ones have.
ARG GO_IMAGE=golang:1.26

FROM ${GO_IMAGE} AS build
ENV CGO_ENABLED=0
WORKDIR /out/data
WORKDIR /src
COPY . .
RUN ["/usr/local/go/bin/go", "build", "-trimpath", "-ldflags", "-s -w", "-o", "/out/bot", "./bot"]

FROM scratch
# SQLite's folder: mount a volume here that uid 65532 can write to.
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build /out/bot /bot
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
# Trained engines are kept beside it, so that the next start takes a fraction of a second.
ENV XDG_CACHE_HOME=/data
ENTRYPOINT ["/bot"]
CMD ["serve", "--listen", "0.0.0.0:8080", "--data", "/data"]
