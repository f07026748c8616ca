# One static program in an empty image. GO_IMAGE is any image that has Go in /usr/local/go, as the official ones have.
ARG GO_IMAGE=golang:1.26

FROM ${GO_IMAGE} AS build
ENV CGO_ENABLED=0
WORKDIR /out/data
WORKDIR /src
COPY . .
RUN ["/usr/local/go/bin/go", "build", "-trimpath", "-ldflags", "-s -w", "-o", "/out/bot", "./bot"]
# The engine is trained here, once, so that no container spends its first seconds on it.
ENV XDG_CACHE_HOME=/out/cache
RUN ["/out/bot", "ask", "안녕하세요"]

FROM scratch
# SQLite's folder: mount a volume here that uid 65532 can write to.
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build /out/bot /bot
COPY --from=build --chown=65532:65532 /out/cache /cache
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
# Articles of your own (--content) are trained at each start, some seconds, unless this names a folder that can be written to.
ENV XDG_CACHE_HOME=/cache
ENTRYPOINT ["/bot"]
CMD ["serve", "--listen", "0.0.0.0:8080", "--data", "/data"]
