using CsCheck;
using Platform.Replication;
using Xunit;

namespace Platform.Unit.Replication;

public sealed class ConsistencyTokenTests
{
    [Fact]
    public void Every_token_is_read_back_as_it_was_written() =>
        Gen.Select(Gen.UInt, Gen.ULong).Sample((timeline, lsn) =>
            ConsistencyToken.TryParse(new ConsistencyToken(timeline, lsn).ToString(), out var read) && read == new ConsistencyToken(timeline, lsn));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("0/16B3748")]
    [InlineData("AAAAAQAAAAABa!!!")]
    [InlineData("AAAAAQAAAAABazdIAAAA")]
    public void Text_that_is_no_token_is_refused(string? text) => Assert.False(ConsistencyToken.TryParse(text, out _));

    [Fact]
    public void Whatever_text_is_accepted_is_the_text_of_its_token() => Gen.Frequency(
            (1, Gen.String),
            (1, Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].Array[16].Select(letters => new string(letters))))
        .Sample(text => !ConsistencyToken.TryParse(text, out var token) || token.ToString() == text);
}
