package dev.pointsman.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pointsman.differential.ClientResponse.End;
import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request over HTTP/2 without TLS, on a connection of its own. The JDK's client supports neither trailers nor h2c. */
final class Http2Client extends ChannelInboundHandlerAdapter {
  private static final int LIMIT_S = 30;
  private static final int CHUNK = 16 << 10;
  private static final EventLoopGroup LOOPS =
      new NioEventLoopGroup(2, new DefaultThreadFactory("http2", true));

  private final long begin = System.nanoTime();
  private final CompletableFuture<End> ended = new CompletableFuture<>();
  private final Map<String, List<String>> headers = new TreeMap<>();
  private final Map<String, String> trailers = new TreeMap<>();
  private final Digest body = new Digest();
  private int status;
  private long firstMillis = ClientResponse.NO_BODY;

  private Http2Client() {}

  /** Sends the request and waits for the response. */
  static ClientResponse send(
      int port, String host, DrawnRequest request, Map<String, String> headers)
      throws InterruptedException {
    Channel connection = new Bootstrap()
        .group(LOOPS)
        .channel(NioSocketChannel.class)
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel
                .pipeline()
                .addLast(
                    Http2FrameCodecBuilder.forClient().build(),
                    new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
          }
        })
        .connect("127.0.0.1", port)
        .sync()
        .channel();
    try {
      Http2Client client = new Http2Client();
      return client.exchange(connection, host, request, headers);
    } finally {
      connection.close().sync();
    }
  }

  private ClientResponse exchange(
      Channel connection, String host, DrawnRequest request, Map<String, String> sent)
      throws InterruptedException {
    Http2StreamChannel stream = new Http2StreamChannelBootstrap(connection)
        .handler(this)
        .open()
        .syncUninterruptibly()
        .getNow();
    Http2Headers head = new DefaultHttp2Headers()
        .method(request.method())
        .path(request.path())
        .scheme("http")
        .authority(host);
    // Netty writes each character as one byte.
    sent.forEach((name, value) -> head.add(name, new String(value.getBytes(UTF_8), ISO_8859_1)));
    byte[] bytes = Bodies.of(request);
    boolean bodyless = request.framing() == DrawnRequest.Framing.NONE;
    if (request.framing() == DrawnRequest.Framing.LENGTH) {
      head.add("content-length", Integer.toString(bytes.length));
    }
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, bodyless));
    boolean aborts = request.behavior() == DrawnRequest.Behavior.ABORTS;
    if (!bodyless) {
      write(
          stream,
          bytes,
          aborts ? bytes.length / 2 : bytes.length,
          !aborts && request.trailers().isEmpty());
      if (!aborts && !request.trailers().isEmpty()) {
        Http2Headers last = new DefaultHttp2Headers();
        request.trailers().forEach(last::add);
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(last, true));
      }
    }
    if (aborts) {
      Thread.sleep(100); // until the pod has received the first half
      stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).await();
      return response(End.ABORTED);
    }
    return await();
  }

  private static void write(Http2StreamChannel stream, byte[] bytes, int count, boolean end) {
    int from = 0;
    do {
      int length = Math.min(CHUNK, count - from);
      boolean last = end && from + length == count;
      stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes, from, length), last));
      from += length;
    } while (from < count);
    stream.flush();
  }

  private ClientResponse await() throws InterruptedException {
    try {
      return response(ended.get(LIMIT_S, TimeUnit.SECONDS));
    } catch (TimeoutException _) {
      return response(End.SILENT);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      switch (message) {
        case Http2HeadersFrame frame -> {
          read(frame.headers());
          end(frame.isEndStream());
        }
        case Http2DataFrame frame -> {
          byte[] bytes = new byte[frame.content().readableBytes()];
          frame.content().readBytes(bytes);
          if (body.length() == 0 && bytes.length > 0) {
            firstMillis = millis();
          }
          body.add(bytes, 0, bytes.length);
          end(frame.isEndStream());
        }
        case Http2ResetFrame _ -> ended.complete(End.CUT);
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(Http2Headers head) {
    boolean first = status < 200;
    if (first) {
      status = Integer.parseInt(head.status().toString());
    }
    head.forEach(header -> {
      String name = header.getKey().toString();
      String value = header.getValue().toString();
      if (!first) {
        trailers.put(name, value);
      } else if (!name.startsWith(":")) {
        headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    });
  }

  private void end(boolean now) {
    if (now) {
      ended.complete(End.WHOLE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended.complete(End.CUT);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame) {
      ended.complete(End.CUT);
    }
  }

  private long millis() {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private ClientResponse response(End end) {
    return new ClientResponse(end, status, headers, body.text(), trailers, firstMillis, millis());
  }
}
