package dev.pointsman.rig;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpClientCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObjectAggregator;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Posts JSON with trailers behind it, in chunks of HTTP/1.1 or as HTTP/2, and reads trailers: the JDK's client cannot. */
public final class TrailerClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LARGEST = 64 << 20;

  private final EventLoopGroup threads = new NioEventLoopGroup(1);

  /**
   * An answer; names in lower case.
   *
   * @param body as text
   */
  public record TrailerAnswer(
      int status, Map<String, String> headers, Map<String, String> trailers, String body) {}

  /** The protocol of the client. */
  public enum Protocol {
    HTTP_1,
    HTTP_2
  }

  /**
   * Posts to a listener on loopback.
   *
   * @param headers beside {@code content-type}
   */
  public TrailerAnswer post(
      Protocol protocol,
      int port,
      String path,
      byte[] body,
      Map<String, String> headers,
      Map<String, String> trailers)
      throws Exception {
    FullHttpRequest request = new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.wrappedBuffer(body));
    request.headers().set("host", "127.0.0.1:" + port).set("content-type", "application/json");
    headers.forEach(request.headers()::set);
    trailers.forEach(request.trailingHeaders()::set);
    CompletableFuture<TrailerAnswer> answered = new CompletableFuture<>();
    Channel connection = connect(protocol, port, answered);
    try {
      Channel stream = connection;
      if (protocol == Protocol.HTTP_2) {
        request.headers().set("x-http2-scheme", "http");
        stream = new Http2StreamChannelBootstrap(connection)
            .handler(new Exchange(new Http2StreamFrameToHttpObjectCodec(false), answered))
            .open()
            .sync()
            .getNow();
      } else {
        HttpUtil.setTransferEncodingChunked(request, true);
      }
      stream.writeAndFlush(request).sync();
      return answered.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } finally {
      connection.close();
    }
  }

  private Channel connect(Protocol protocol, int port, CompletableFuture<TrailerAnswer> answered)
      throws InterruptedException {
    Bootstrap bootstrap = new Bootstrap().group(threads).channel(NioSocketChannel.class);
    bootstrap.handler(
        switch (protocol) {
          case HTTP_1 -> new Exchange(new HttpClientCodec(), answered);
          case HTTP_2 ->
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(Http2FrameCodecBuilder.forClient().build())
                    .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
              }
            };
        });
    return bootstrap.connect("127.0.0.1", port).sync().channel();
  }

  @Override
  public void close() {
    threads.shutdownGracefully();
  }

  private static final class Exchange extends ChannelInitializer<Channel> {
    private final ChannelHandler codec;
    private final CompletableFuture<TrailerAnswer> answered;

    Exchange(ChannelHandler codec, CompletableFuture<TrailerAnswer> answered) {
      this.codec = codec;
      this.answered = answered;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(codec)
          .addLast(new HttpObjectAggregator(LARGEST))
          .addLast(new AnswerReader(answered));
    }
  }

  private static final class AnswerReader extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final CompletableFuture<TrailerAnswer> answered;

    AnswerReader(CompletableFuture<TrailerAnswer> answered) {
      this.answered = answered;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      answered.complete(new TrailerAnswer(
          response.status().code(),
          map(response.headers()),
          map(response.trailingHeaders()),
          response.content().toString(StandardCharsets.UTF_8)));
    }

    private static Map<String, String> map(Iterable<Map.Entry<String, String>> headers) {
      Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.forEach(header -> map.put(header.getKey(), header.getValue()));
      return map;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answered.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answered.completeExceptionally(new IllegalStateException("closed without an answer"));
    }
  }
}
